import fc from "fast-check";
import { expect, it } from "vitest";
import { exactEntries, histogram } from "./histogram.ts";
import { percentile } from "./percentile.ts";
import { Tally } from "./tally.ts";

function tallyOf(millis: Iterable<number>): Tally {
  const tally = new Tally();
  for (const value of millis) tally.add(value, 1);
  return tally;
}

it("has an entry for each distinct millisecond, ascending", () => {
  expect(histogram(tallyOf([1200, 5, 900, 5]))).toEqual([
    { seconds: 0.005, count: 2 },
    { seconds: 0.9, count: 1 },
    { seconds: 1.2, count: 1 },
  ]);
});

it("tells the middle of three-digit steps beyond a thousand distinct values", () => {
  const millis = [...Array(exactEntries).keys(), 1230, 1239, 1240, 123_456, 9_999_999];
  expect(histogram(tallyOf(millis)).slice(exactEntries)).toEqual([
    { seconds: 1.235, count: 2 },
    { seconds: 1.245, count: 1 },
    { seconds: 123.5, count: 1 },
    { seconds: 9995, count: 1 },
  ]);
});

it("loses no call and no more than half a percent when it is compressed", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(10_000_000), { minLength: 1001, maxLength: 3000, size: "max" }), (millis) => {
      const entries = histogram(tallyOf(millis));
      expect(entries.reduce((sum, entry) => sum + entry.count, 0)).toBe(millis.length);
      const exact = millis.toSorted((a, b) => a - b)[Math.ceil(millis.length * 0.95) - 1]! / 1000;
      expect(Math.abs(percentile(entries, 95)! - exact)).toBeLessThanOrEqual(exact * 0.005 + 1e-9);
    }),
    { numRuns: 20 },
  );
});

it("answers percentiles by nearest rank", () => {
  const entries = histogram(tallyOf([10, 20, 30, 40]));
  expect([0, 25, 50, 75, 76, 99, 100].map((percent) => percentile(entries, percent))).toEqual([
    0.01, 0.01, 0.02, 0.03, 0.04, 0.04, 0.04,
  ]);
});

it("has no percentile of no calls", () => {
  expect(percentile([], 95)).toBeUndefined();
});
