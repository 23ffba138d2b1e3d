import { expect, it } from "vitest";
import { brokenLimit, defaultRule, inOrder, isForSdks, type SamplingRule } from "./rule.ts";

const aRule = (members: Partial<SamplingRule>): SamplingRule => ({
  ...defaultRule,
  name: "shop",
  priority: 1,
  ...members,
});

it("the default rule is X-Ray's", () => {
  expect(defaultRule).toMatchObject({ name: "Default", priority: 10_000, reservoirSize: 1, fixedRate: 0.05 });
  expect(brokenLimit(defaultRule)).toBeUndefined();
  expect(isForSdks(defaultRule)).toBe(true);
});

it("sorting leaves the given list alone", () => {
  const rules = [aRule({ name: "b" }), aRule({ name: "a" })];
  expect(inOrder(rules).map(({ name }) => name)).toEqual(["a", "b"]);
  expect(rules.map(({ name }) => name)).toEqual(["b", "a"]);
});

it("a rule at its limits is within them", () => {
  expect(
    brokenLimit(
      aRule({
        name: "n".repeat(32),
        priority: 9_999,
        fixedRate: 1,
        reservoirSize: 0,
        host: "h".repeat(64),
        httpMethod: "m".repeat(10),
        urlPath: "p".repeat(128),
        resourceArn: "r".repeat(500),
        attributes: Object.fromEntries(
          Array.from({ length: 5 }, (_, index) => [`${index}`.repeat(32), "v".repeat(32)]),
        ),
      }),
    ),
  ).toBeUndefined();
});

it.each<[what: string, members: Partial<SamplingRule>, sentence: string]>([
  ["an empty name", { name: "" }, "RuleName must have 1 to 32 characters."],
  ["a long name", { name: "n".repeat(33) }, "RuleName must have 1 to 32 characters."],
  ["priority 0", { priority: 0 }, "Priority must be a whole number from 1 to 9999."],
  ["priority 1.5", { priority: 1.5 }, "Priority must be a whole number from 1 to 9999."],
  ["the default's priority", { priority: 10_000 }, "Priority must be a whole number from 1 to 9999."],
  ["a default that is not last", { name: "Default", priority: 1 }, "Priority of Default must be 10000."],
  ["rate 1.5", { fixedRate: 1.5 }, "FixedRate must be a number from 0 to 1."],
  ["a rate that is no number", { fixedRate: Number.NaN }, "FixedRate must be a number from 0 to 1."],
  ["half a reservoir", { reservoirSize: 0.5 }, "ReservoirSize must be a whole number, 0 or more."],
  ["less than no reservoir", { reservoirSize: -1 }, "ReservoirSize must be a whole number, 0 or more."],
  ["version 2", { version: 2 }, "Version must be 1."],
  ["a long method", { httpMethod: "m".repeat(11) }, "HTTPMethod must have at most 10 characters."],
  ["a long path", { urlPath: "p".repeat(129) }, "URLPath must have at most 128 characters."],
  ["a long service name", { serviceName: "s".repeat(65) }, "ServiceName must have at most 64 characters."],
  ["a long ARN", { resourceArn: "r".repeat(501) }, "ResourceARN must have at most 500 characters."],
  [
    "six attributes",
    { attributes: { a: "1", b: "1", c: "1", d: "1", e: "1", f: "1" } },
    "Attributes must be at most 5 pairs.",
  ],
  ["an empty attribute", { attributes: { a: "" } }, "Keys and values of Attributes must have 1 to 32 characters."],
])("%s is told", (_, members, sentence) => {
  expect(brokenLimit(aRule(members))).toBe(sentence);
});
