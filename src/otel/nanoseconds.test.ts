import fc from "fast-check";
import { expect, it } from "vitest";
import { toNanoseconds } from "./nanoseconds.ts";

it.each([
  [1795504972.898, "1795504972898000000"],
  [1795505084.1452432, "1795505084145243200"],
  [1700000000, "1700000000000000000"],
  [0, "0"],
  [0.000_000_001, "1"],
  [0.5, "500000000"],
  [99_999_999_999.5, "99999999999500000000"],
])("%d seconds are %s nanoseconds", (seconds, nanoseconds) => {
  expect(toNanoseconds(seconds)).toBe(nanoseconds);
});

it("what a sender wrote in milli- or microseconds is exact, and later is never less", () => {
  const digits = fc.tuple(fc.nat(999_999), fc.constantFrom(3, 6));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4_000_000_000 }), digits, (whole, [fraction, places]) => {
      const decimals = String(fraction).padStart(places, "0").slice(0, places);
      expect(toNanoseconds(Number(`${whole}.${decimals}`))).toBe(`${whole}${decimals.padEnd(9, "0")}`);
    }),
  );
  const any = fc.double({ min: 1, max: 1e11, noNaN: true, maxExcluded: true });
  fc.assert(
    fc.property(
      fc.oneof(
        any,
        any.map((one) => Math.round(one * 1e6) / 1e6),
      ),
      (one) => {
        const [whole, decimals = ""] = String(one).split(".");
        expect(toNanoseconds(one)).toBe(whole! + decimals.slice(0, 9).padEnd(9, "0"));
      },
    ),
    { numRuns: 1000 },
  );
  const seconds = fc.double({ min: 0, max: 1e11, noNaN: true, maxExcluded: true });
  fc.assert(
    fc.property(seconds, seconds, (one, other) => {
      const [earlier, later] = one < other ? [one, other] : [other, one];
      expect(BigInt(toNanoseconds(later))).toBeGreaterThanOrEqual(BigInt(toNanoseconds(earlier)));
    }),
  );
});
