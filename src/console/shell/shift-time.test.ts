import { expect, it } from "vitest";
import { shiftTime } from "./shift-time.ts";

it("a step back is as long as what is seen, and ends where that begins", () => {
  const back = shiftTime({ kind: "last", seconds: 600 }, -1, 10_000);
  expect(back).toEqual({ kind: "between", startSeconds: 8_800, endSeconds: 9_400 });
  expect(shiftTime(back, -1, 10_000)).toEqual({ kind: "between", startSeconds: 8_200, endSeconds: 8_800 });
});

it("steps forward lead back to the present, and not beyond it", () => {
  const back = shiftTime({ kind: "last", seconds: 600 }, -1, 10_000);
  expect(shiftTime(shiftTime(back, -1, 10_000), 1, 10_000)).toEqual(back);
  expect(shiftTime(back, 1, 10_020)).toEqual({ kind: "last", seconds: 600 });
  expect(shiftTime({ kind: "last", seconds: 600 }, 1, 10_000)).toEqual({ kind: "last", seconds: 600 });
});
