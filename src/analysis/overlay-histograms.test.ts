import fc from "fast-check";
import { expect, it } from "vitest";
import { overlayHistograms } from "./overlay-histograms.ts";

const histogram = fc.array(fc.record({ seconds: fc.double({ min: 0, max: 5_000, noNaN: true }), count: fc.nat(9) }), {
  maxLength: 30,
});

it("every call of either set is in one bin, and there are no more bins than wanted", () => {
  fc.assert(
    fc.property(histogram, histogram, (a, b) => {
      const bins = overlayHistograms(a, b, 30);
      const total = (entries: readonly { count: number }[]): number =>
        entries.reduce((sum, each) => sum + each.count, 0);
      expect(bins.reduce((sum, bin) => sum + bin.a, 0)).toBe(total(a));
      expect(bins.reduce((sum, bin) => sum + bin.b, 0)).toBe(total(b));
      expect(bins.length).toBeLessThanOrEqual(30);
    }),
  );
});

it("both sets are on one scale: what took as long is in the same bin", () => {
  const bins = overlayHistograms(
    [{ seconds: 0.05, count: 2 }],
    [
      { seconds: 0.05, count: 3 },
      { seconds: 5, count: 1 },
    ],
    40,
  );
  expect(bins[0]).toMatchObject({ a: 2, b: 3 });
  expect(bins.at(-1)).toMatchObject({ a: 0, b: 1 });
  expect(bins[0]!.fromSeconds).toBeLessThanOrEqual(0.05);
  expect(bins[0]!.toSeconds).toBeGreaterThan(0.05);
});
