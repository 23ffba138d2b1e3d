import fc from "fast-check";
import { expect, it } from "vitest";
import { hashParts, hashText } from "./hash-text.ts";

it("the hash of parts is that of the text that they make", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (a, b, c, d) => {
      expect(hashParts(a, b, c, d)).toBe(hashText(a + b + c + d));
    }),
  );
});

it("a hash is what it was: stored terms are found by it", () => {
  expect(["", "name", "größe 😀"].map(hashText)).toEqual([2872998923, 2760164170, 2229313172]);
});
