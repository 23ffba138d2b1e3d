import { expect, it } from "vitest";
import { readRulesPage, readTargets } from "./read-sampling-answers.ts";

it.each([
  ["epoch seconds", 1_795_504_972, 1_795_504_972],
  ["epoch milliseconds", 1_795_504_972_000, 1_795_504_972],
  ["ISO 8601", "2026-11-24T06:42:52Z", 1_795_502_572],
])("a time comes as %s", (_, written, seconds) => {
  const { targets } = readTargets({ SamplingTargetDocuments: [{ RuleName: "a", ReservoirQuotaTTL: written }] });
  expect(targets).toEqual([{ ruleName: "a", reservoirTtlSeconds: seconds }]);
});

it("what is no answer says nothing", () => {
  for (const answer of [undefined, null, 1, "x", [], { SamplingTargetDocuments: 1, UnprocessedStatistics: [null] }]) {
    expect(readTargets(answer).targets).toEqual([]);
    expect(readRulesPage(answer)).toEqual({ rules: [] });
  }
});
