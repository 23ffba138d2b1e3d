import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { WireTraceSummary } from "../../api/wire.ts";
import { Arrivals } from "./arrivals.ts";
import { noteArrived } from "./arrived.ts";
import { Pace } from "./pace.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Something that takes a while, and how often it was begun. */
function slow(ms: number): { act: () => Promise<void>; begun: () => number } {
  let count = 0;
  return {
    act: () => {
      count += 1;
      return new Promise((resolve) => setTimeout(resolve, ms));
    },
    begun: () => count,
  };
}

it("what is asked for often is done at once, and then once a second", async () => {
  const { act, begun } = slow(10);
  const pace = new Pace(act);
  for (let ms = 0; ms < 2_900; ms += 100) {
    pace.ask();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(begun()).toBe(3);
  pace.close();
});

it("what takes long is done for a third of the time at most", async () => {
  const { act, begun } = slow(2_000);
  const pace = new Pace(act);
  for (let ms = 0; ms < 17_900; ms += 100) {
    pace.ask();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(begun()).toBe(3);
  pace.close();
});

it("what is asked for while it is being done is done once more, and nothing after the end", async () => {
  const { act, begun } = slow(10);
  const pace = new Pace(act);
  pace.ask();
  pace.ask();
  pace.ask();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(begun()).toBe(2);
  pace.ask();
  pace.close();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(begun()).toBe(3);
});

const summary = (id: string, revision = 1): WireTraceSummary => ({ Id: id, Revision: revision }) as WireTraceSummary;

it("of traces that arrive the newest versions are kept, the newest last, and not without end", () => {
  const once = noteArrived(new Map(), [summary("b"), summary("a")]);
  expect([...once.keys()]).toEqual(["a", "b"]);
  const twice = noteArrived(once, [summary("a", 2)]);
  expect([...twice.values()].map((each) => [each.Id, each.Revision])).toEqual([
    ["b", 1],
    ["a", 2],
  ]);
  const many = Array.from({ length: 900 }, (_, number) => summary(String(number)));
  expect(noteArrived(new Map(), many).size).toBe(500);
});

it("traces that come in one batch after the other are taken in together, twice a second, the newest first", async () => {
  const taken: string[][] = [];
  const arrivals = new Arrivals((summaries) => taken.push(summaries.map(({ Id }) => Id)));
  for (let batch = 0; batch < 5; batch += 1) {
    arrivals.add([summary(`${batch}b`), summary(`${batch}a`)]);
    await vi.advanceTimersByTimeAsync(240);
  }
  expect(taken).toEqual([
    ["0b", "0a"],
    ["2b", "2a", "1b", "1a"],
    ["4b", "4a", "3b", "3a"],
  ]);
  arrivals.add([summary("late")]);
  arrivals.close();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(taken).toHaveLength(3);
});
