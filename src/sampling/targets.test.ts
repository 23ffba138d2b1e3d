import fc from "fast-check";
import { expect, it } from "vitest";
import { defaultRule, type SamplingRule } from "./rule.ts";
import type { SamplingReport } from "./statistics.ts";
import { reservoirTtlFor, SamplingTargets } from "./targets.ts";

const aRule = (members: Partial<SamplingRule>): SamplingRule => ({ ...defaultRule, ...members });
const aReport = (members: Partial<SamplingReport>): SamplingReport => ({
  ruleName: "Default",
  clientId: "a".repeat(24),
  timestampSeconds: 0,
  requestCount: 10,
  sampledCount: 1,
  borrowCount: 1,
  ...members,
});
const quota = (targets: SamplingTargets, clientId: string, requestCount: number, rules: SamplingRule[], now: number) =>
  targets.answer([aReport({ clientId, requestCount })], rules, now).targets[0]?.reservoirQuota;

it("a client alone gets the whole reservoir for five minutes, and is to report in ten seconds", () => {
  const answer = new SamplingTargets().answer([aReport({})], [aRule({ reservoirSize: 7, fixedRate: 0.5 })], 1_000.7);
  expect(answer).toEqual({
    targets: [
      { ruleName: "Default", fixedRate: 0.5, reservoirQuota: 7, reservoirTtlSeconds: 1_300, intervalSeconds: 10 },
    ],
    unprocessed: [],
  });
});

it("clients share a reservoir by their recent requests", () => {
  const targets = new SamplingTargets();
  const rules = [aRule({ reservoirSize: 10 })];
  expect(quota(targets, "a", 100, rules, 0)).toBe(10);
  expect(quota(targets, "b", 300, rules, 5)).toBe(7);
  expect(quota(targets, "a", 100, rules, 10)).toBe(3);
});

it("after a minute of silence a client has no share any more", () => {
  const targets = new SamplingTargets();
  const rules = [aRule({ reservoirSize: 10 })];
  quota(targets, "a", 100, rules, 0);
  expect(quota(targets, "b", 100, rules, 60)).toBe(5);
  expect(quota(targets, "b", 100, rules, 60.1)).toBe(10);
});

it("a newcomer weighs as much as one with a long past and the same load", () => {
  const targets = new SamplingTargets();
  const rules = [aRule({ reservoirSize: 10 })];
  for (let now = 0; now <= 100; now += 10) quota(targets, "a", 50, rules, now);
  expect(quota(targets, "b", 50, rules, 105)).toBe(5);
});

it("the shares that all clients hold add up to the reservoir", () => {
  const loads = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(loads, fc.nat(50), (loads, reservoirSize) => {
      const targets = new SamplingTargets();
      const reports = loads.map((requestCount, index) => aReport({ clientId: `${index}`, requestCount }));
      const answer = targets.answer(reports, [aRule({ reservoirSize })], 100);
      expect(answer.targets.reduce((sum, target) => sum + target.reservoirQuota, 0)).toBe(reservoirSize);
    }),
  );
});

it("a report about an unknown rule comes back with a code that makes SDKs fetch the rules, and spoils no other", () => {
  const answer = new SamplingTargets().answer([aReport({ ruleName: "gone" }), aReport({})], [defaultRule], 0);
  expect(answer.unprocessed).toEqual([{ ruleName: "gone", errorCode: "400", message: "There is no such rule" }]);
  expect(answer.targets.map(({ ruleName }) => ruleName)).toEqual(["Default"]);
});

it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])("a count of %d is not taken", (requestCount) => {
  const targets = new SamplingTargets();
  expect(targets.answer([aReport({ requestCount })], [defaultRule], 0)).toMatchObject({
    targets: [],
    unprocessed: [{ errorCode: "400" }],
  });
  expect(targets.statistics(0)).toEqual([]);
});

it("two reports of one client about one rule get one target", () => {
  expect(new SamplingTargets().answer([aReport({}), aReport({})], [defaultRule], 0).targets).toHaveLength(1);
});

it("a flood of client ids pushes out the ones that have been silent longest", () => {
  const targets = new SamplingTargets();
  const rules = [aRule({ reservoirSize: 1_000 })];
  const reports = Array.from({ length: 5_000 }, (_, index) => aReport({ clientId: `${index}` }));
  const answer = targets.answer(reports, rules, 0);
  expect(answer.targets).toHaveLength(1_000);
  expect(quota(targets, "one more", 10, rules, 1)).toBe(1);
});

it("statistics are summed over clients by rule and ten seconds, and kept for half an hour", () => {
  const targets = new SamplingTargets();
  const rules = [defaultRule, aRule({ name: "shop" })];
  targets.answer([aReport({ clientId: "a" }), aReport({ clientId: "b" }), aReport({ ruleName: "shop" })], rules, 1_003);
  targets.answer([aReport({ clientId: "a" })], rules, 1_013);
  const one = { requestCount: 10, sampledCount: 1, borrowCount: 1 };
  const two = { requestCount: 20, sampledCount: 2, borrowCount: 2 };
  expect(targets.statistics(1_020)).toEqual([
    { ruleName: "Default", startSeconds: 1_000, ...two },
    { ruleName: "shop", startSeconds: 1_000, ...one },
    { ruleName: "Default", startSeconds: 1_010, ...one },
  ]);
  expect(targets.statistics(2_805)).toHaveLength(1);
  expect(targets.statistics(2_811)).toHaveLength(0);
});

it("a client without a User-Agent reads the time-to-live as milliseconds, everyone else as epoch seconds", () => {
  expect(reservoirTtlFor(undefined, 1_700_000_000)).toBe(1_700_000_000_000);
  expect(reservoirTtlFor("", 1_700_000_000)).toBe(1_700_000_000_000);
  expect(reservoirTtlFor("Botocore/1.43.11", 1_700_000_000)).toBe(1_700_000_000);
});
