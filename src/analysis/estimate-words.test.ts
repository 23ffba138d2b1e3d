import { expect, it } from "vitest";
import { estimateWords } from "./estimate-words.ts";

it("says how few of what is counted were kept", () => {
  expect(estimateWords(100, 90)).toBe("1 in 10 kept");
  expect(estimateWords(910, 810)).toBe("1 in 9.1 kept");
  expect(estimateWords(30_000, 29_000)).toBe("1 in 30 kept");
  expect(estimateWords(3, 1)).toBe("1 in 1.5 kept");
});

it("says nothing of what was counted one by one", () => {
  expect(estimateWords(100, undefined)).toBeUndefined();
  expect(estimateWords(100, 0)).toBeUndefined();
  expect(estimateWords(0, 0)).toBeUndefined();
});
