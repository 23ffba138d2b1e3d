import fc from "fast-check";
import { expect, it } from "vitest";
import { Reservoir } from "./reservoir.ts";

it("one second gives its quota and no more, however often it is asked", () => {
  const asks = fc
    .array(fc.double({ min: 0, max: 5, noNaN: true }), { maxLength: 200 })
    .map((times) => times.sort((a, b) => a - b));
  fc.assert(
    fc.property(fc.nat(10), asks, (quota, times) => {
      const reservoir = new Reservoir();
      reservoir.setQuota(quota, 10);
      const taken = new Map<number, number>();
      for (const now of times) {
        const second = Math.floor(now);
        if (reservoir.take(now, true)) taken.set(second, (taken.get(second) ?? 0) + 1);
      }
      for (const [second, count] of taken) {
        const asked = times.filter((now) => Math.floor(now) === second).length;
        expect(count).toBe(Math.min(quota, asked));
      }
    }),
  );
});

it("without a quota one is borrowed each second, where there is anything to borrow from", () => {
  const reservoir = new Reservoir();
  expect([0.1, 0.2, 0.9, 1, 1.5].map((now) => reservoir.take(now, true))).toEqual([
    "borrowed",
    undefined,
    undefined,
    "borrowed",
    undefined,
  ]);
  expect(new Reservoir().take(0, false)).toBeUndefined();
});

it("what was borrowed this second counts against a quota that comes in it", () => {
  const reservoir = new Reservoir();
  expect(reservoir.take(7.1, true)).toBe("borrowed");
  reservoir.setQuota(2, 300);
  expect([7.2, 7.3, 8, 8.1, 8.2].map((now) => reservoir.take(now, true))).toEqual([
    "quota",
    undefined,
    "quota",
    "quota",
    undefined,
  ]);
});

it("a quota is valid to its last moment, and then there is borrowing again", () => {
  const reservoir = new Reservoir();
  reservoir.setQuota(5, 10);
  expect(reservoir.take(10, true)).toBe("quota");
  expect(reservoir.take(11, true)).toBe("borrowed");
  expect(reservoir.take(11.5, true)).toBeUndefined();
});

it("a quota of nothing is a quota: nothing is borrowed", () => {
  const reservoir = new Reservoir();
  reservoir.setQuota(0, 10);
  expect(reservoir.take(1, true)).toBeUndefined();
});
