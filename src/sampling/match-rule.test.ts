import fc from "fast-check";
import { expect, it } from "vitest";
import { matchesRule } from "./match-rule.ts";

const patterns = {
  serviceName: "shop*",
  serviceType: "AWS::EC2::*",
  host: "*.example.com",
  httpMethod: "GET",
  urlPath: "/a?i/*",
};
const request = {
  serviceName: "shop-eu",
  serviceType: "AWS::EC2::Instance",
  host: "WWW.example.com",
  httpMethod: "get",
  urlPath: "/api/x",
};

it("all patterns must fit", () => {
  expect(matchesRule(patterns, request)).toBe(true);
  for (const key of Object.keys(patterns)) expect(matchesRule(patterns, { ...request, [key]: "other" })).toBe(false);
});

it("what a request does not say fits everything", () => {
  expect(matchesRule(patterns, {})).toBe(true);
  expect(matchesRule(patterns, { host: "", urlPath: "/api/x" })).toBe(true);
});

it("a pattern that is absent fits everything", () => {
  expect(matchesRule({}, request)).toBe(true);
});

it("neither query nor fragment takes part", () => {
  fc.assert(
    fc.property(fc.constantFrom("?", "#"), fc.string(), (mark, rest) => {
      expect(matchesRule({ urlPath: "/ping" }, { urlPath: `/ping${mark}${rest}` })).toBe(true);
    }),
  );
});
