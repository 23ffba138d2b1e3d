import { expect, it } from "vitest";
import { binHistogram } from "./bin-histogram.ts";

it("every call is in one bar, and the bars follow each other", () => {
  const histogram = [0, 0.001, 0.004, 0.02, 0.3, 4.2].map((seconds, at) => ({ seconds, count: at + 1 }));
  const bins = binHistogram(histogram, 24);
  expect(bins.length).toBeLessThanOrEqual(24);
  expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(21);
  for (const [at, bin] of bins.slice(1).entries()) expect(bin.fromSeconds).toBeCloseTo(bins[at]!.toSeconds, 9);
  const slowest = bins.findLast((bin) => bin.count > 0)!;
  expect(slowest.fromSeconds).toBeLessThanOrEqual(4.2);
  expect(slowest.toSeconds).toBeGreaterThan(4.2);
});

it("calls that all took the same make one bar, no calls none", () => {
  expect(binHistogram([{ seconds: 0.1, count: 9 }], 20)).toMatchObject([{ count: 9 }]);
  expect(binHistogram([], 20)).toEqual([]);
});
