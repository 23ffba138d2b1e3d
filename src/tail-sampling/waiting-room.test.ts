import { expect, it } from "vitest";
import { WaitingRoom } from "./waiting-room.ts";

const waits = { quietMs: 10, longestMs: 60, maxBytes: 1_000 };
const bytes = new Uint8Array(100);
const room = (options: Partial<typeof waits> = {}) => new WaitingRoom<number>({ ...waits, ...options });
const idsOf = (traces: Iterable<{ readonly id: string }>): string[] => Array.from(traces, ({ id }) => id);

it("a trace is due when it has been quiet long enough, with all its documents", () => {
  const waiting = room();
  waiting.add("a", { bytes, pack: 1 }, 0);
  waiting.add("b", { bytes, pack: 2 }, 1);
  waiting.add("a", { bytes, pack: 3 }, 5);
  expect(idsOf(waiting.due(10))).toEqual([]);
  expect(idsOf(waiting.due(11))).toEqual(["b"]);
  const [trace] = waiting.due(15);
  expect(trace?.documents.map(({ pack }) => pack)).toEqual([1, 3]);
  expect(waiting).toMatchObject({ traces: 0, documents: 0, bytes: 0 });
});

it("a trace that is never quiet is due in the end", () => {
  const waiting = room();
  for (let nowMs = 0; nowMs < 60; nowMs += 5) {
    waiting.add("endless", { bytes, pack: 1 }, nowMs);
    expect(idsOf(waiting.due(nowMs))).toEqual([]);
  }
  expect(idsOf(waiting.due(60))).toEqual(["endless"]);
});

it("when too much waits, those that have been quiet longest go first, and no more than must", () => {
  const waiting = room({ maxBytes: 700 });
  for (const id of ["a", "b", "c"]) waiting.add(id, { bytes, pack: 1 }, 0);
  waiting.add("a", { bytes, pack: 1 }, 1);
  expect(idsOf(waiting.tooMany())).toEqual(["b", "c"]);
  expect(waiting.bytes).toBeLessThanOrEqual(700);
  expect(idsOf(waiting.all())).toEqual(["a"]);
});
