import { expect } from "vitest";

const prototypes = [Object.prototype, Array.prototype, String.prototype, Number.prototype, Function.prototype];
const before = prototypes.map((prototype) => Reflect.ownKeys(prototype).length);

/** That nothing which came in has reached what all objects have in common. */
export function expectNoPollution(): void {
  expect(prototypes.map((prototype) => Reflect.ownKeys(prototype).length)).toEqual(before);
  expect(Object.keys({})).toEqual([]);
  expect("polluted" in {}).toBe(false);
}
