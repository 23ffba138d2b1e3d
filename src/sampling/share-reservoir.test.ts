import fc from "fast-check";
import { expect, it } from "vitest";
import { shareReservoir } from "./share-reservoir.ts";

it("the shares are whole, add up to the reservoir, and none is a piece away from its exact part", () => {
  const weights = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(fc.nat(10_000), weights, (size, weights) => {
      const shares = shareReservoir(size, weights);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(size);
      shares.forEach((share, index) => {
        const part = total > 0 ? (weights[index]! / total) * size : size / weights.length;
        expect(Number.isInteger(share) && Math.abs(share - part) < 1 + 1e-9).toBe(true);
      });
    }),
  );
});

it("who asks for twice as much gets twice as much", () => {
  expect(shareReservoir(9, [10, 20])).toEqual([3, 6]);
});

it("without any requests all count alike", () => {
  expect(shareReservoir(5, [0, 0])).toEqual([3, 2]);
});

it("nobody to share among is no trouble", () => {
  expect(shareReservoir(5, [])).toEqual([]);
});
