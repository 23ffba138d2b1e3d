import { describe, expect, it } from "vitest";
import { aSegment, aWireSubsegment } from "../../test/fixtures/builders.ts";
import { Decider, weightBy } from "./decide.ts";
import { readKeepPolicy } from "./keep-policy.ts";

const idOf = (number: number): string => `1-6553f100-${number.toString(16).padStart(24, "0")}`;
const many = Array.from({ length: 40_000 }, (_, number) => idOf(number));

describe("a share", () => {
  it.each([1, 0.5, 0.3, 0.1, 0.07, 0.01])("of %s keeps so many, and their weights add up to all", (share) => {
    const weights = many.map((id) => weightBy(id, share));
    const kept = weights.filter((weight) => weight > 0).length;
    const sum = weights.reduce((total, weight) => total + weight, 0);
    // Four standard deviations of a binomial count; the ids are fixed, so this holds always or never.
    const deviation = 4 * Math.sqrt(many.length * share * (1 - share));
    expect(Math.abs(kept - many.length * share)).toBeLessThanOrEqual(deviation);
    expect(Math.abs(sum - many.length)).toBeLessThanOrEqual(deviation / share + share);
    expect(weights.every((weight) => Number.isInteger(weight))).toBe(true);
  });

  it("that is greater keeps what a smaller one keeps", () => {
    for (const id of many.slice(0, 2_000)) {
      if (weightBy(id, 0.05) > 0) expect(weightBy(id, 0.2)).toBeGreaterThan(0);
    }
  });

  it("of nothing keeps nothing", () => {
    expect(many.slice(0, 1_000).map((id) => weightBy(id, 0))).toEqual(new Array(1_000).fill(0));
  });
});

describe("a policy", () => {
  const decider = (rules: readonly string[], restShare = 0) => new Decider(readKeepPolicy({ rules, restShare }));
  const faulty = [aSegment({ fault: true })];

  it("asks its rules in their order, and the first that matches decides", () => {
    const decide = (...rules: string[]) => decider(rules, 1).decide(idOf(1), faulty);
    expect(decide("throttle", "fault", "0% fault")).toEqual({ weight: 1, rule: 1 });
    expect(decide("0% fault", "fault")).toEqual({ weight: 0, rule: 0 });
    expect(decide("throttle")).toEqual({ weight: 1 });
  });

  it("gives each rule's share its weight", () => {
    const [kept, dropped] = [many.find((id) => weightBy(id, 0.25) > 0)!, many.find((id) => weightBy(id, 0.25) === 0)!];
    const quarter = decider(["25% fault"], 1);
    expect(quarter.decide(kept, faulty)).toEqual({ weight: 4, rule: 0 });
    expect(quarter.decide(dropped, faulty)).toEqual({ weight: 0, rule: 0 });
  });

  it("understands what only documents tell", () => {
    const segments = [aSegment({ subsegments: [aWireSubsegment({ name: "slow query" })] })];
    const expression = 'subsegment("slow query")';
    expect(decider([expression]).byRule(idOf(1), segments)).toEqual({ weight: 1, rule: 0 });
    expect(decider([expression]).byRule(idOf(1), faulty)).toBeUndefined();
  });
});
