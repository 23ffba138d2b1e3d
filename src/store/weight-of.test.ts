import { expect, it } from "vitest";
import { weightOf } from "./weight-of.ts";

it("is the least that was said, and what says nothing says nothing", () => {
  expect(weightOf(undefined, [{ weight: 10 }, {}, { weight: 4 }])).toBe(4);
  expect(weightOf({ weight: 10 }, [{}])).toBe(10);
  expect(weightOf({ weight: 10 }, [{ weight: 1 }])).toBe(1);
  expect(weightOf({ weight: 3 }, [{ weight: 10 }])).toBe(3);
});

it("is 1 for a trace of which nothing was ever said, whatever is said later", () => {
  expect(weightOf(undefined, [{}])).toBe(1);
  expect(weightOf({}, [{ weight: 10 }])).toBe(1);
});

it("is a whole number from 1 on, whatever was said", () => {
  expect(weightOf(undefined, [{ weight: 2.6 }])).toBe(3);
  expect(weightOf(undefined, [{ weight: -5 }])).toBe(1);
});
