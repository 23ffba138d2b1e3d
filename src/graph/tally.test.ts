import fc from "fast-check";
import { expect, it } from "vitest";
import { Tally } from "./tally.ts";

const value = fc.oneof(fc.nat(20), fc.nat(100_000), fc.constantFrom(1024, 2048, 4096, 1_700_000_000, 2 ** 40));

it("counts as a Map does, and forgets what is taken back", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(value, fc.constantFrom(1, 1, 2, -1))), (steps) => {
      const tally = new Tally();
      const model = new Map<number, number>();
      for (const [number, count] of steps) {
        if ((model.get(number) ?? 0) + count < 0) continue;
        tally.add(number, count);
        model.set(number, (model.get(number) ?? 0) + count);
      }
      const expected = [...model].filter(([, count]) => count > 0).sort((a, b) => a[0] - b[0]);
      expect(tally.entries()).toEqual(expected);
      expect(tally.least()).toBe(expected[0]?.[0] ?? Number.POSITIVE_INFINITY);
      expect(tally.greatest()).toBe(expected.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY);
    }),
  );
});
