import { describe, expect, it } from "vitest";
import { defaultRule, type SamplingRule } from "../../sampling/rule.ts";
import { recordedPerSecond, simulateRequest } from "./simulate-request.ts";

const aRule = (name: string, members: Partial<SamplingRule>): SamplingRule => ({ ...defaultRule, name, ...members });

const rules = [
  defaultRule,
  aRule("health", { priority: 1, urlPath: "/health*", fixedRate: 0, reservoirSize: 0 }),
  aRule("posts", { priority: 2, httpMethod: "POST", host: "*.test" }),
  aRule("one-resource", { priority: 1, resourceArn: "arn:aws:x" }),
];
const outcomes = (request: Parameters<typeof simulateRequest>[1]): string[] =>
  simulateRequest(rules, request).map(({ rule, outcome }) => `${rule.name} ${outcome}`);

describe("simulateRequest", () => {
  it("lets the first rule that fits decide, by priority and then by name", () => {
    expect(outcomes({ urlPath: "/health/live", httpMethod: "POST" })).toEqual([
      "health decides",
      "one-resource not for SDKs",
      "posts not reached",
      "Default not reached",
    ]);
  });

  it("says what does not fit", () => {
    const posts = simulateRequest(rules, { urlPath: "/cart", httpMethod: "GET", host: "shop.example" })[2]!;
    expect(posts).toMatchObject({ outcome: "does not fit", misfits: ["host", "httpMethod"] });
  });

  it("leaves to the rule Default what no other is for", () => {
    expect(outcomes({ urlPath: "/cart", httpMethod: "GET" }).at(-1)).toBe("Default decides");
  });
});

it("a rule records its reservoir first, and of the rest its rate", () => {
  expect(recordedPerSecond(aRule("x", { reservoirSize: 5, fixedRate: 0.1 }), 105)).toBe(15);
  expect(recordedPerSecond(aRule("x", { reservoirSize: 5, fixedRate: 0.1 }), 3)).toBe(3);
});
