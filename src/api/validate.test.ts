import { expect, it } from "vitest";
import { choice, counts, flag, integer, list, number, object, optional, text, time } from "./validate.ts";

const check = object({
  Ids: list(text({ min: 1 }), { min: 1, max: 2 }),
  At: time,
  Kind: optional(choice("a", "b")),
  Rate: optional(number({ min: 0, max: 1 })),
  Count: optional(integer({ min: 0 })),
  On: optional(flag),
  Inner: optional(object({ Name: text({ max: 3 }) })),
  Counts: optional(counts),
});

const good = { Ids: ["x"], At: 1.5 };

it("what fits comes out, typed, without members that nobody asked for", () => {
  const value = { ...good, Kind: "a", Rate: 0.5, Count: 3, On: false, Inner: { Name: "abc", Z: 1 }, Counts: { a: 1 } };
  expect(check({ ...value, Other: 1 }, "")).toEqual({ ...value, Inner: { Name: "abc" } });
});

it("null counts as absent", () => {
  expect(check({ ...good, Kind: null, Rate: null }, "")).toEqual(good);
  expect(() => check({ ...good, Ids: null }, "")).toThrow("Ids is missing: it must be a list.");
});

it("a time may be ISO 8601 text", () => {
  expect(check({ ...good, At: "2023-11-14T22:13:20Z" }, "").At).toBe(1_700_000_000);
});

it.each<[object | unknown[] | string, string]>([
  ["x", "The request body must be a JSON object."],
  [[], "The request body must be a JSON object."],
  [{ At: 1 }, "Ids is missing: it must be a list."],
  [{ ...good, Ids: "x" }, "Ids must be a list."],
  [{ ...good, Ids: [] }, "Ids must not be empty."],
  [{ ...good, Ids: ["a", "b", "c"] }, "Ids may have at most 2 members, and has 3."],
  [{ ...good, Ids: [1] }, "Ids[0] must be a string."],
  [{ ...good, Ids: [null] }, "Ids[0] is missing: it must be a string."],
  [{ ...good, Ids: [""] }, "Ids[0] must not be empty."],
  [{ ...good, At: "later" }, "At must be epoch seconds."],
  [{ ...good, At: 1e300 }, "At must be epoch seconds."],
  [{ ...good, Kind: "c" }, "Kind must be one of a, b."],
  [{ ...good, Rate: 2 }, "Rate must be at most 1, and is 2."],
  [{ ...good, Rate: -1 }, "Rate must be at least 0, and is -1."],
  [{ ...good, Rate: "1" }, "Rate must be a number."],
  [{ ...good, Count: 1.5 }, "Count must be a whole number."],
  [{ ...good, On: 1 }, "On must be true or false."],
  [{ ...good, Inner: { Name: "abcd" } }, "Inner.Name may have at most 3 characters, and has 4."],
  [{ ...good, Inner: [] }, "Inner must be an object."],
  [{ ...good, Counts: { a: "x" } }, "Counts.a must be a whole number."],
])("%j is refused: %s", (value, message) => {
  expect(() => check(value, "")).toThrow(expect.objectContaining({ message, code: "InvalidRequestException" }));
});
