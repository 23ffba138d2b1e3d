import fc from "fast-check";
import { expect, it } from "vitest";
import { areaPath, linePath, roundTop, stepAt } from "./chart-path.ts";

const box = { height: 100, top: 10 };

it("a line has a gap where there is no value, and a dash where one stands alone", () => {
  expect(linePath([0, 10, undefined, 5, undefined], box)).toBe("M0 100.0L1 0.0M2.83 50.0h.34");
  expect(linePath([undefined, undefined], box)).toBe("");
});

it("an area reaches down to the lower edge, and takes what is missing as nothing", () => {
  expect(areaPath([10, undefined, 5], box)).toBe("M0 0.0L1 100.0L2 50.0V100H0Z");
  expect(areaPath([10], box)).toBe("");
});

it("a scale ends at a round value that is not below the greatest, and not far above it", () => {
  expect([0, Number.NaN, 0.3, 1, 47, 412].map(roundTop)).toEqual([1, 1, 0.4, 1, 60, 600]);
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (most) => {
      expect(roundTop(most)).toBeGreaterThanOrEqual(most * 0.99);
      expect(roundTop(most)).toBeLessThanOrEqual(most * 2.01);
    }),
  );
});

it("the step under the pointer is the nearest one, and always one that is there", () => {
  expect([-1, 0, 0.24, 0.26, 1, 2].map((share) => stepAt(share, 3))).toEqual([0, 0, 0, 1, 2, 2]);
});
