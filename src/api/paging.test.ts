import { expect, it } from "vitest";
import { nextToken, readToken } from "./paging.ts";

interface Question {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly FilterExpression: string;
  readonly NextToken?: string;
}

const request: Question = { StartTime: 1, EndTime: 2, FilterExpression: "fault" };

it("a token says where to go on, whatever the order of the members", () => {
  const NextToken = nextToken("GetTraceSummaries", request, "cursor");
  expect(readToken("GetTraceSummaries", { NextToken, FilterExpression: "fault", EndTime: 2, StartTime: 1 })).toBe(
    "cursor",
  );
});

it("no token, or an empty one, is the start", () => {
  expect(readToken("GetTraceSummaries", request)).toBeUndefined();
  expect(readToken("GetTraceSummaries", { ...request, NextToken: "" })).toBeUndefined();
});

it("a token of another question is refused", () => {
  const NextToken = nextToken("GetTraceSummaries", request, "cursor");
  expect(() => readToken("GetTraceSummaries", { ...request, EndTime: 3, NextToken })).toThrow("another question");
  expect(() => readToken("GetServiceGraph", { ...request, NextToken })).toThrow("another question");
});

it.each(["x", "e30", "W10", "WzEsMl0"])("the token %s is refused", (NextToken) => {
  expect(() => readToken("GetTraceSummaries", { ...request, NextToken })).toThrow("not one that was given here");
});
