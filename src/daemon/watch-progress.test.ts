import { expect, it } from "vitest";
import type { OutboxFigures } from "../forward/outbox-figures.ts";
import { watchProgress } from "./watch-progress.ts";

const minute = 60_000;
const figures: OutboxFigures = {
  put: 1,
  sent: 0,
  unprocessed: {},
  dropped: {},
  waiting: 1,
  waitingBytes: 10,
  spilled: 0,
  spilledBytes: 0,
  spilledEver: 0,
  requests: 0,
  retries: 0,
  sentBytes: 0,
  failures: { timeout: 0, connectionRefused: 0, unknownHost: 0, "4xx": 0, "5xx": 0, other: 0 },
  latency: { buckets: [], sum: 0 },
};

it("an outbox turns while it tries, while it waits for the next attempt, and while it has nothing to do", () => {
  let now = 0;
  let current = figures;
  const isTurning = watchProgress(
    () => [{ name: "aws", health: { state: "ready" }, figures: current }],
    () => now,
  );
  const after = (minutes: number, changed: Partial<OutboxFigures> = {}): boolean => {
    now += minutes * minute;
    current = { ...current, ...changed };
    return isTurning();
  };
  expect(after(0)).toBe(true);
  expect(after(4)).toBe(true);
  // A failure is an attempt.
  expect(after(0.5, { failures: { ...figures.failures, timeout: 1 } })).toBe(true);
  expect(after(4.5)).toBe(true);
  expect(after(1)).toBe(false);
  expect(after(1, { requests: 1 })).toBe(true);
  expect(after(60, { waiting: 0 })).toBe(true);
  expect(after(60, { spilled: 3 })).toBe(false);
});
