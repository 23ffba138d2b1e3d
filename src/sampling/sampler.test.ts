import { expect, it } from "vitest";
import { defaultRule, type SamplingRule } from "./rule.ts";
import { Sampler } from "./sampler.ts";

const aRule = (members: Partial<SamplingRule>): SamplingRule => ({ ...defaultRule, ...members });
const never = () => 0.999;
const always = () => 0;
const aSampler = (...rules: SamplingRule[]) => {
  const sampler = new Sampler({ clientId: "c".repeat(24) });
  sampler.applyRules(rules, 0);
  return sampler;
};

it("rate 0 records nothing and rate 1 everything, whatever chance says", () => {
  const nothing = aSampler(aRule({ reservoirSize: 0, fixedRate: 0 }));
  const everything = aSampler(aRule({ reservoirSize: 0, fixedRate: 1 }));
  expect(nothing.decide({}, 1, always)).toEqual({ isSampled: false, ruleName: "Default" });
  expect(everything.decide({}, 1, never)).toEqual({ isSampled: true, ruleName: "Default" });
});

it("what is borrowed does not count as sampled, as in the SDKs", () => {
  const sampler = aSampler(aRule({ reservoirSize: 1, fixedRate: 1 }));
  for (let request = 0; request < 3; request += 1) sampler.decide({}, 1, never);
  expect(sampler.report(10)).toMatchObject([[{ requestCount: 3, borrowCount: 1, sampledCount: 2 }]]);
});

it("a rule that nothing matched is not reported", () => {
  const sampler = aSampler(aRule({ name: "shop", priority: 1, urlPath: "/shop" }), defaultRule);
  sampler.decide({ urlPath: "/other" }, 1, never);
  expect(
    sampler
      .report(10)
      .flat()
      .map(({ ruleName }) => ruleName),
  ).toEqual(["Default"]);
  expect(sampler.report(20)).toEqual([]);
});

it("the server's interval holds, in whole rounds of ten seconds", () => {
  const sampler = aSampler(defaultRule);
  sampler.applyTargets({ targets: [{ ruleName: "Default", intervalSeconds: 18 }] });
  const reports = (now: number) => {
    sampler.decide({}, now, never);
    return sampler.report(now).length;
  };
  expect([10, 20, 29.9, 40, 50.1].map(reports)).toEqual([1, 0, 1, 0, 1]);
});

it("a target changes the rate, and the next poll of the rules changes it back", () => {
  const sampler = aSampler(aRule({ reservoirSize: 0, fixedRate: 0 }));
  sampler.applyTargets({
    targets: [
      { ruleName: "Default", fixedRate: 1 },
      { ruleName: "unknown", fixedRate: 1 },
    ],
  });
  expect(sampler.decide({}, 1, never).isSampled).toBe(true);
  sampler.applyRules([aRule({ reservoirSize: 0, fixedRate: 0 })], 2);
  expect(sampler.decide({}, 3, never).isSampled).toBe(false);
});

it("counters and quota outlive a poll of the rules, for rules that stay", () => {
  const sampler = aSampler(aRule({ fixedRate: 0 }));
  sampler.applyTargets({ targets: [{ ruleName: "Default", reservoirQuota: 2, reservoirTtlSeconds: 300 }] });
  sampler.decide({}, 1, never);
  sampler.applyRules([aRule({ fixedRate: 0 })], 1);
  expect(sampler.decide({}, 1.5, never).isSampled).toBe(true);
  expect(sampler.decide({}, 1.6, never).isSampled).toBe(false);
  expect(sampler.report(10)).toMatchObject([[{ requestCount: 3, sampledCount: 2, borrowCount: 0 }]]);
});

it("rules without a default leave what they do not fit to the local rules", () => {
  const sampler = aSampler(aRule({ name: "shop", priority: 1, urlPath: "/shop" }));
  expect(sampler.decide({ urlPath: "/other" }, 1, never)).toEqual({ isSampled: true });
});

it("a report that the server could not use for want of the rule asks for the rules", () => {
  const sampler = aSampler(defaultRule);
  const failed = (errorCode: string) => [{ ruleName: "Default", errorCode, message: "" }];
  expect(sampler.applyTargets({ targets: [], unprocessed: failed("400") })).toBe(true);
  expect(sampler.applyTargets({ targets: [], unprocessed: failed("500") })).toBe(false);
});
