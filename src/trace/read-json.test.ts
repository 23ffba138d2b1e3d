import { expect, it } from "vitest";
import { readJson } from "./read-json.ts";

it("numbers that are none are null, outside of texts alone", () => {
  expect(readJson('\uFEFF{"a":NaN,"b":[-Infinity,Infinity],"c":"NaN \\" Infinity"}')).toEqual({
    value: { a: null, b: [null, null], c: 'NaN " Infinity' },
  });
});

it("a text that is never closed is refused, however many quotes are in it", () => {
  // Looking for the end of a text at each of them would take a quarter of an hour.
  expect(readJson(`{"a":"${'\\"'.repeat(500_000)}`)).toHaveProperty("reason");
  expect(readJson('{"a":NaN,"b":"\\')).toHaveProperty("reason");
});
