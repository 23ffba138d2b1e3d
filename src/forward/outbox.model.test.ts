import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type DiskState, FaultyDisk } from "../../test/fixtures/faulty-disk.ts";
import { silentLog } from "../log.ts";
import { openSpillLog, type SpillLog } from "../spill/spill-log.ts";
import { Outbox } from "./outbox.ts";
import type { OutboxFigures } from "./outbox-figures.ts";
import { ForwardError, type Outcome, type WayOut } from "./way-out.ts";

/** What the other side does with a request. */
type Answer = "take" | "late" | "busy" | "down" | "never" | "choosy" | "reject";

type Step =
  | { readonly kind: "put"; readonly documents: number; readonly bytes: number }
  | { readonly kind: "answer"; readonly answers: readonly Answer[] }
  | { readonly kind: "disk"; readonly state: DiskState }
  | { readonly kind: "pause"; readonly ms: number }
  | { readonly kind: "restart"; readonly deadlineMs: number };

const anAnswer = fc.constantFrom<Answer>("take", "late", "busy", "down", "never", "choosy", "reject");
const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant("put" as const),
      documents: fc.integer({ min: 1, max: 260 }),
      bytes: fc.constantFrom(20, 300, 30_000),
    }),
    weight: 5,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      answers: fc.array(anAnswer, { minLength: 1, maxLength: 6 }),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("disk" as const),
      state: fc.constantFrom<DiskState>("well", "well", "full", "unsynced", "readOnly", "unreadable"),
    }),
    weight: 1,
  },
  { arbitrary: fc.record({ kind: fc.constant("pause" as const), ms: fc.integer({ min: 0, max: 15 }) }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant("restart" as const), deadlineMs: fc.constantFrom(0, 30) }), weight: 1 },
);

/** Every seventh document is refused for good, every eleventh breaks the request that it is in. */
const isRefused = (id: number): boolean => id % 7 === 0;
const isPoison = (id: number): boolean => id % 11 === 0;
const idOf = (document: Uint8Array): number => Number.parseInt(Buffer.from(document).toString("latin1"), 10);

function aDocument(id: number, bytes: number): Buffer {
  return Buffer.from(`${id} `.padEnd(bytes, "x"));
}

/** The other side: remembers what it took, and does as it is told. */
class ScriptedWayOut implements WayOut {
  readonly name = "scripted";
  readonly taken: number[] = [];
  /** Documents in requests that were broken off: nobody knows whether they arrived. */
  readonly doubtful: Set<number> = new Set();
  answers: readonly Answer[] = ["take"];
  #next = 0;

  async send(documents: readonly Uint8Array[], signal: AbortSignal): Promise<readonly Outcome[]> {
    expect(documents.length).toBeGreaterThan(0);
    expect(documents.length).toBeLessThanOrEqual(50);
    const answer = this.answers[this.#next++ % this.answers.length]!;
    const ids = documents.map(idOf);
    if (answer === "late") await sleep(3);
    if (answer === "never") {
      for (const id of ids) this.doubtful.add(id);
      this.taken.push(...ids);
      await sleep(20, undefined, { signal }).catch(() => undefined);
      throw new ForwardError("No answer.", { kind: "timeout", advice: "retry" });
    }
    if (answer === "down") throw new ForwardError("Nobody there.", { kind: "connectionRefused", advice: "retry" });
    if (answer === "busy") {
      return ids.map(() => ({ code: "Throttled", message: "Later.", retryable: true }));
    }
    if (answer === "reject" && ids.some(isPoison)) {
      throw new ForwardError("Not that.", { kind: "4xx", advice: "split", status: 400 });
    }
    return ids.map((id) => {
      if (answer === "choosy" && isRefused(id)) return { code: "Refused", message: "Never.", retryable: false };
      if (answer === "choosy" && id % 5 === 0) return { code: "Throttled", message: "Later.", retryable: true };
      this.taken.push(id);
      return undefined;
    });
  }

  async close(): Promise<void> {}
}

const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

function expectBalance(figures: OutboxFigures): void {
  const { put, sent, unprocessed, dropped, waiting, spilled } = figures;
  expect(sent + total(unprocessed) + total(dropped) + waiting + spilled).toBe(put);
  expect(Math.min(waiting, spilled, figures.waitingBytes)).toBeGreaterThanOrEqual(0);
}

async function eventually(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 4_000 && !holds(); turns += 1) await sleep(5);
  expect(holds()).toBe(true);
}

async function play(steps: readonly Step[], memoryBytes: number, spillBytes: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-outbox-"));
  const disk = new FaultyDisk();
  const wayOut = new ScriptedWayOut();
  const refused: number[] = [];
  let spill: SpillLog | undefined;
  let outbox: Outbox;
  let next = 1;
  /** Given up by our own limits in runs that have ended. */
  let dropped = 0;
  /** On disk at the end of the last run. */
  let left = 0;

  const open = async (): Promise<void> => {
    spill = spillBytes > 0 ? await openSpillLog({ folder, maxBytes: spillBytes, log: silentLog, disk }) : undefined;
    outbox = new Outbox({
      wayOut,
      memoryBytes,
      spill,
      parallel: 4,
      log: silentLog,
      random: () => 0,
      onUnprocessed: (_, document) => refused.push(idOf(document)),
    });
  };
  const close = async (deadlineMs: number): Promise<void> => {
    await outbox.close(deadlineMs);
    expectBalance(outbox.figures());
    expect(outbox.figures().waiting).toBe(0);
    dropped += total(outbox.figures().dropped);
    left = outbox.figures().spilled;
    await spill?.close();
  };

  await open();
  for (const step of steps) {
    switch (step.kind) {
      case "put":
        outbox!.put(Array.from({ length: step.documents }, () => aDocument(next++, step.bytes)));
        break;
      case "answer":
        wayOut.answers = step.answers;
        break;
      case "disk":
        disk.state = step.state;
        break;
      case "pause":
        await sleep(step.ms);
        break;
      case "restart":
        await close(step.deadlineMs);
        disk.state = "well";
        await open();
        // At least: a pack of which some documents had gone out comes back whole.
        expect(outbox!.figures().put).toBeGreaterThanOrEqual(left);
    }
    expectBalance(outbox!.figures());
  }
  disk.state = "well";
  wayOut.answers = ["take"];
  await eventually(() => {
    expectBalance(outbox.figures());
    return outbox.figures().waiting + outbox.figures().spilled === 0;
  });
  await close(1_000);
  rmSync(folder, { recursive: true, force: true });

  const settled = new Set([...wayOut.taken, ...refused]);
  const lost = Array.from({ length: next - 1 }, (_, index) => index + 1).filter((id) => !settled.has(id));
  expect(lost.length).toBeLessThanOrEqual(dropped);
  if (dropped === 0) expect(lost).toEqual([]);
  const isFirst = new Set<number>();
  const twice = [...wayOut.taken, ...refused].filter((id) => isFirst.size === isFirst.add(id).size);
  const restarts = steps.filter(({ kind }) => kind === "restart").length;
  if (restarts === 0) expect(twice.filter((id) => !wayOut.doubtful.has(id))).toEqual([]);
}

it("loses and doubles nothing, and its figures add up, whatever the other side and the disk do", async () => {
  const memory = fc.constantFrom(0, 20_000, 50_000_000);
  const spill = fc.constantFrom(0, 300_000, 2 ** 30);
  await fc.assert(fc.asyncProperty(fc.array(aStep, { minLength: 1, maxLength: 25 }), memory, spill, play), {
    numRuns: 60,
    endOnFailure: true,
  });
}, 180_000);
