import { expect, it } from "vitest";
import { Shedder } from "./shedder.ts";

const ids = Array.from({ length: 4_000 }, (_, at) => `1-6553f100-${at.toString(16).padStart(24, "0")}`);
const shed = (shedder: Shedder): string[] => ids.filter((id) => shedder.sheds(id));

it("sheds nothing until the queue is three quarters full, and all when it is full", () => {
  const shedder = new Shedder();
  expect(shedder.look(0.75, 0)).toBe(false);
  expect(shed(shedder)).toEqual([]);
  expect(shedder.look(1, 0)).toBe(true);
  expect(shed(shedder)).toHaveLength(ids.length);
});

it("sheds so many traces as the queue wants, always the same ones, and more of them as it fills", () => {
  const shedder = new Shedder();
  let before: string[] = [];
  for (const fill of [0.8, 0.85, 0.9, 0.95]) {
    shedder.look(fill, 0);
    const now = shed(shedder);
    expect(now.length / ids.length).toBeCloseTo(shedder.share, 1);
    expect(shedder.share).toBeGreaterThanOrEqual((fill - 0.75) / 0.25 - 1e-9);
    expect(now).toEqual(expect.arrayContaining(before));
    before = now;
  }
});

it("keeps to its traces for a while when the queue empties, and goes back to none", () => {
  const shedder = new Shedder();
  shedder.look(0.9, 0);
  const { share } = shedder;
  for (let nowMs = 0; nowMs < 10_000; nowMs += 500) shedder.look(0.1, nowMs);
  expect(shedder.share).toBe(share);
  for (let nowMs = 10_000; nowMs <= 20_000; nowMs += 500) shedder.look(0.1, nowMs);
  expect(shedder.share).toBe(0);
});
