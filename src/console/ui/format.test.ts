import { expect, it } from "vitest";
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDelta,
  formatDuration,
  formatRate,
  formatShare,
  plural,
} from "./format.ts";

it("a duration has the unit that fits it", () => {
  const seconds = [undefined, 0, 0.0004, 0.0041, 0.041, 0.9996, 1.236, 12.34, 125, 3_720];
  expect(seconds.map(formatDuration)).toEqual([
    "–",
    "<1 ms",
    "0.4 ms",
    "4.1 ms",
    "41 ms",
    "1 s",
    "1.24 s",
    "12.3 s",
    "2 min 5 s",
    "1 h 2 min",
  ]);
});

it("a difference has its sign", () => {
  expect([0.041, -0.003, 0, -1.5].map(formatDelta)).toEqual(["+41 ms", "−3 ms", "±0", "−1.5 s"]);
});

it("a rate is per second or, for rare calls, per minute", () => {
  expect([1_234.4, 100, 3.24, 1, 0.5, 0.01].map(formatRate)).toEqual([
    "1,234/s",
    "100/s",
    "3.2/s",
    "1/s",
    "30/min",
    "0.6/min",
  ]);
});

it("a share that is there is never rounded away, nor one that is missing", () => {
  expect([formatShare(0, 10), formatShare(1, 100_000), formatShare(8, 1_000), formatShare(1, 3)]).toEqual([
    "0 %",
    "<0.1 %",
    "0.8 %",
    "33 %",
  ]);
  expect([formatShare(99_999, 100_000), formatShare(5, 5), formatShare(0, 0)]).toEqual([">99.9 %", "100 %", "0 %"]);
});

it("counts, sizes and ages are short", () => {
  expect([999, 12_345, 1_234_567].map(formatCount)).toEqual(["999", "12,345", "1.23 M"]);
  expect([0, 999, 1_500, 3_240_000, 12_000_000_000].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1.5 KB",
    "3.2 MB",
    "12 GB",
  ]);
  expect([5, 90, 7_200, 86_400 * 3].map(formatAge)).toEqual(["5 s", "2 min", "2 h", "3 days"]);
  expect([plural(1, "span"), plural(2, "span")]).toEqual(["1 span", "2 spans"]);
});
