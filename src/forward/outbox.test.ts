import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FaultyDisk } from "../../test/fixtures/faulty-disk.ts";
import { type Log, silentLog } from "../log.ts";
import { openSpillLog, type SpillLog } from "../spill/spill-log.ts";
import { Outbox, type OutboxOptions } from "./outbox.ts";
import { ForwardError, type Outcome, type WayOut } from "./way-out.ts";

let folder: string;
let disk: FaultyDisk;
let spills: SpillLog[];
let outboxes: Outbox[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fluoroscope-outbox-"));
  disk = new FaultyDisk();
  spills = [];
  outboxes = [];
});
afterEach(async () => {
  disk.state = "well";
  for (const outbox of outboxes) await outbox.close(0);
  for (const spill of spills) await spill.close();
  rmSync(folder, { recursive: true, force: true });
});

type Send = (names: string[], signal: AbortSignal) => Promise<readonly Outcome[]> | readonly Outcome[];

/** A way out that notes what it is sent, and answers as told: everything is taken, by default. */
class NotingWayOut implements WayOut {
  readonly name = "over there";
  readonly requests: string[][] = [];
  readonly taken: string[] = [];
  most = 0;
  send_: Send = () => [];
  #now = 0;

  async send(documents: readonly Uint8Array[], signal: AbortSignal): Promise<readonly Outcome[]> {
    const names = documents.map((document) => Buffer.from(document).toString().trim());
    this.requests.push(names);
    this.#now += 1;
    this.most = Math.max(this.most, this.#now);
    try {
      const outcomes = await this.send_(names, signal);
      this.taken.push(...names.filter((_, index) => outcomes[index] === undefined));
      return outcomes;
    } finally {
      this.#now -= 1;
    }
  }

  async close(): Promise<void> {}
}

function open(wayOut: WayOut, options: Partial<OutboxOptions> = {}): Outbox {
  const outbox = new Outbox({ wayOut, memoryBytes: 10_000_000, log: silentLog, random: () => 0, ...options });
  outboxes.push(outbox);
  return outbox;
}

async function openSpill(maxBytes = 2 ** 30): Promise<SpillLog> {
  const spill = await openSpillLog({ folder, maxBytes, log: silentLog, disk });
  spills.push(spill);
  return spill;
}

const named = (...names: string[]): Buffer[] => names.map((name) => Buffer.from(name));
const numbered = (count: number, bytes = 10): Buffer[] =>
  Array.from({ length: count }, (_, index) => Buffer.from(String(index).padEnd(bytes)));
const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));
const eventually = (check: () => unknown) => expect.poll(check, { timeout: 15_000, interval: 5 });

const down = (): never => {
  throw new ForwardError("Nobody answers. Start it.", { kind: "connectionRefused", advice: "retry" });
};

function rememberingLog(): { log: Log; lines: { level: string; text: string; fields: object }[] } {
  const lines: { level: string; text: string; fields: object }[] = [];
  const at = (level: string) => (fields: object, text: string) => lines.push({ level, text, fields });
  return { lines, log: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") } };
}

it("a lone document leaves soon", async () => {
  const wayOut = new NotingWayOut();
  open(wayOut).put(named("alone"));
  await eventually(() => wayOut.taken).toEqual(["alone"]);
});

it("a pack has fifty documents and a megabyte at most, and one larger document goes alone", async () => {
  const wayOut = new NotingWayOut();
  const outbox = open(wayOut);
  outbox.put(numbered(120));
  outbox.put(numbered(5, 400_000));
  outbox.put([Buffer.alloc(1_500_000, "x"), Buffer.from("small")]);
  await eventually(() => outbox.figures().waiting).toBe(0);
  expect(wayOut.requests.map(({ length }) => length)).toEqual([50, 50, 22, 2, 1, 1, 1]);
});

it("while the other side is down one request at a time goes out, and afterwards all in order", async () => {
  const wayOut = new NotingWayOut();
  wayOut.send_ = down;
  const outbox = open(wayOut, { spill: await openSpill(), parallel: 8 });
  for (let count = 0; count < 20; count += 1) outbox.put(numbered(1_000).slice(count * 50, count * 50 + 50));
  await eventually(() => outbox.figures().spilledEver).toBe(1_000);
  wayOut.most = 0;
  const before = wayOut.requests.length;
  await eventually(() => wayOut.requests.length).toBeGreaterThan(before + 5);
  expect(wayOut.most).toBe(1);
  expect(outbox.figures()).toMatchObject({ put: 1_000, sent: 0, dropped: {}, requests: 0 });

  wayOut.send_ = () => [];
  await eventually(() => outbox.figures().sent).toBe(1_000);
  expect(wayOut.taken).toEqual(numbers(1_000));
});

it("health says since when, what the other side says, and how many wait; and that it is over", async () => {
  const { log, lines } = rememberingLog();
  const wayOut = new NotingWayOut();
  wayOut.send_ = down;
  const outbox = open(wayOut, { spill: await openSpill(), log });
  expect(outbox.health()).toEqual({ state: "ready" });
  outbox.put(numbered(1_200));
  await eventually(() => outbox.figures().spilledEver).toBe(1_200);
  expect(outbox.health()).toEqual({
    state: "degraded",
    reason: expect.stringMatching(
      /^Since 20\d\d-.+Z no segments get out to over there; \d+ wait in memory, [\d,]+ on disk\. Nobody answers\. Start it\.$/,
    ),
  });
  wayOut.send_ = () => [];
  await eventually(() => outbox.health()).toEqual({ state: "ready" });
  const said = lines.filter(({ level }) => level !== "debug").map(({ text }) => text);
  expect(said).toEqual(["segments do not get out", "segments get out again"]);
});

it("a person must act first: nothing is tried for half a minute, and then once", async () => {
  let now = 1_000_000;
  const wayOut = new NotingWayOut();
  wayOut.send_ = () => {
    throw new ForwardError("There are no credentials.", { kind: "other", advice: "hold" });
  };
  const outbox = open(wayOut, { now: () => now, parallel: 1 });
  outbox.put(numbered(50));
  await eventually(() => outbox.health().state).toBe("degraded");
  now += 20_000;
  outbox.put(numbered(50));
  await sleep(50);
  expect(wayOut.requests).toHaveLength(1);
  now += 20_000;
  outbox.put(numbered(50));
  await sleep(50);
  expect(wayOut.requests).toHaveLength(2);
});

it("waits for as long as the other side asks for", async () => {
  let now = 1_000_000;
  const wayOut = new NotingWayOut();
  wayOut.send_ = () => {
    throw new ForwardError("Too many.", { kind: "4xx", advice: "retry", status: 429, retryAfterMs: 7_000 });
  };
  const outbox = open(wayOut, { now: () => now, parallel: 1 });
  outbox.put(numbered(50));
  await sleep(50);
  now += 6_900;
  outbox.put(numbered(50));
  await sleep(50);
  expect(wayOut.requests).toHaveLength(1);
  now += 200;
  outbox.put(numbered(50));
  await sleep(50);
  expect(wayOut.requests).toHaveLength(2);
});

it("of a request that is refused as a whole, only the document at fault is given up, and explained", async () => {
  const { log, lines } = rememberingLog();
  const refused: string[] = [];
  const wayOut = new NotingWayOut();
  const bad = '{ "trace_id" : "1-65000000-0123456789abcdef01234567", "secret": 1 }';
  wayOut.send_ = (names) => {
    if (names.includes(bad)) throw new ForwardError("Not JSON.", { kind: "4xx", advice: "split", status: 400 });
    return [];
  };
  const outbox = open(wayOut, {
    log,
    onUnprocessed: ({ code }, document) => refused.push(`${code} ${Buffer.from(document)}`),
  });
  outbox.put([...numbered(49), Buffer.from(bad)]);
  await eventually(() => outbox.figures().waiting).toBe(0);
  expect(outbox.figures()).toMatchObject({ put: 50, sent: 49, unprocessed: { Http400: 1 } });
  expect(refused).toEqual([`Http400 ${bad}`]);
  const told = lines.filter(({ level }) => level === "error");
  expect(told).toMatchObject([{ fields: { code: "Http400", traceId: "1-65000000-0123456789abcdef01234567" } }]);
  expect(JSON.stringify(lines)).not.toContain("secret");
});

it("what the other side was too busy for is sent again, what it refuses is counted by its code", async () => {
  const wayOut = new NotingWayOut();
  let busy = 2;
  wayOut.send_ = (names) =>
    names.map((name) => {
      if (name === "3") return { code: "InvalidSegment", message: "No.", retryable: false };
      if (name === "5" && busy-- > 0) return { code: "Throttled", message: "Later.", retryable: true };
      return undefined;
    });
  const outbox = open(wayOut);
  outbox.put(numbered(10));
  await eventually(() => outbox.figures().waiting).toBe(0);
  expect(wayOut.taken.sort()).toEqual(numbers(10).filter((name) => name !== "3"));
  expect(outbox.figures()).toMatchObject({ sent: 9, unprocessed: { InvalidSegment: 1 }, retries: 2 });
});

it("a document that breaks the other side each time holds up no others", async () => {
  const wayOut = new NotingWayOut();
  wayOut.send_ = (names) => {
    if (names.includes("7")) throw new ForwardError("Internal error.", { kind: "5xx", advice: "retry", status: 500 });
    return [];
  };
  const outbox = open(wayOut, { parallel: 1 });
  outbox.put(numbered(500));
  await eventually(() => outbox.figures().sent).toBe(499);
  expect(outbox.figures()).toMatchObject({ waiting: 1, unprocessed: {}, dropped: {} });
});

it("a document that brings out a bug of ours is set aside alone", async () => {
  const wayOut = new NotingWayOut();
  wayOut.send_ = (names) => {
    if (names.includes("7")) throw new TypeError("Cannot read properties of undefined");
    return [];
  };
  const outbox = open(wayOut);
  outbox.put(numbered(50));
  await eventually(() => outbox.figures().waiting).toBe(0);
  expect(outbox.figures()).toMatchObject({ sent: 49, unprocessed: { NotSent: 1 } });
});

it("without a disk the oldest are given up when memory is full, counted and told", async () => {
  const { log, lines } = rememberingLog();
  const wayOut = new NotingWayOut();
  wayOut.send_ = down;
  const outbox = open(wayOut, { memoryBytes: 2_000_000, log });
  outbox.put(numbered(3_000, 1_000));
  const { dropped, waiting } = outbox.figures();
  expect(dropped.MemoryFull).toBeGreaterThan(1_000);
  expect(dropped.MemoryFull! + waiting).toBe(3_000);
  expect(outbox.health()).toMatchObject({ state: "degraded", reason: expect.stringMatching(/oldest segments/) });
  expect(lines.filter(({ level }) => level === "warn").length).toBeGreaterThan(0);
  wayOut.send_ = () => [];
  await eventually(() => outbox.figures().waiting).toBe(0);
  expect(wayOut.taken.at(-1)).toBe("2999");
});

it("more than memory holds goes to disk and back, in order, and then directly again", async () => {
  const wayOut = new NotingWayOut();
  wayOut.send_ = async () => {
    await sleep(2);
    return [];
  };
  const outbox = open(wayOut, { memoryBytes: 200_000, spill: await openSpill(), parallel: 1 });
  outbox.put(numbered(3_000, 1_000));
  await eventually(() => outbox.figures().sent).toBe(3_000);
  expect(wayOut.taken).toEqual(numbers(3_000));
  const { spilledEver, dropped } = outbox.figures();
  expect(spilledEver).toBeGreaterThan(2_000);
  expect(dropped).toEqual({});
  outbox.put(named("directly"));
  await eventually(() => wayOut.taken.at(-1)).toBe("directly");
  expect(outbox.figures().spilledEver).toBe(spilledEver);
});

it("with no memory everything is on disk before it is sent", async () => {
  const wayOut = new NotingWayOut();
  const outbox = open(wayOut, { memoryBytes: 0, spill: await openSpill() });
  disk.syncs = 0;
  wayOut.send_ = () => {
    expect(disk.syncs).toBeGreaterThan(0);
    return [];
  };
  outbox.put(numbered(500));
  await eventually(() => outbox.figures().sent).toBe(500);
  expect(outbox.figures().spilledEver).toBe(500);
});

it("a stop sends what waits", async () => {
  const wayOut = new NotingWayOut();
  const outbox = open(wayOut);
  outbox.put(numbered(7));
  await outbox.close(10_000);
  expect(wayOut.taken).toEqual(numbers(7));
  outbox.put(named("too late"));
  expect(outbox.figures()).toMatchObject({ put: 8, sent: 7, dropped: { Stopped: 1 } });
});

it("a stop ends requests at the deadline and leaves the rest on disk, for the next run", async () => {
  const wayOut = new NotingWayOut();
  let aborted = 0;
  wayOut.send_ = async (_, signal) => {
    await sleep(60_000, undefined, { signal }).catch(() => {
      aborted += 1;
    });
    throw new ForwardError("Aborted.", { kind: "timeout", advice: "retry" });
  };
  const spill = await openSpill();
  const outbox = open(wayOut, { spill });
  outbox.put(numbered(500));
  await outbox.close(20);
  expect(aborted).toBeGreaterThan(0);
  expect(outbox.figures()).toMatchObject({ put: 500, sent: 0, waiting: 0, spilled: 500, dropped: {} });
  await spill.close();

  const next = new NotingWayOut();
  const again = open(next, { spill: await openSpill() });
  expect(again.figures()).toMatchObject({ put: 500 });
  await eventually(() => again.figures()).toMatchObject({ sent: 500, waiting: 0, spilled: 0 });
  expect(next.taken).toEqual(numbers(500));
  await eventually(() => readdirSync(folder)).not.toContain("0000000000000000.spill");
});

it("a stop does not wait for a side that takes nothing, when the disk has everything", async () => {
  const wayOut = new NotingWayOut();
  wayOut.send_ = down;
  const outbox = open(wayOut, { spill: await openSpill() });
  outbox.put(numbered(500));
  await eventually(() => outbox.health().state).toBe("degraded");
  await outbox.close(600_000);
  expect(outbox.figures()).toMatchObject({ spilled: 500, waiting: 0, dropped: {} });
});

it("what the disk had to give up while it was being sent is written again at the stop", async () => {
  const wayOut = new NotingWayOut();
  wayOut.send_ = down;
  const spill = await openSpill(400_000);
  const outbox = open(wayOut, { spill, parallel: 1 });
  outbox.put(named("first"));
  await eventually(() => outbox.figures().spilledEver).toBe(1);
  outbox.put(numbered(2_000, 1_000));
  await eventually(() => outbox.figures().spilledEver).toBe(2_001);
  await outbox.close(10_000);
  const { spilled, dropped } = outbox.figures();
  expect(dropped.SpillFull).toBeGreaterThan(1_000);
  await spill.close();
  const next = new NotingWayOut();
  const again = open(next, { spill: await openSpill() });
  expect(again.figures().put).toBe(spilled);
  await eventually(() => again.figures().sent).toBe(spilled);
  expect(next.taken).toContain("first");
});

it("without a disk a stop counts what it leaves behind", async () => {
  const wayOut = new NotingWayOut();
  wayOut.send_ = down;
  const outbox = open(wayOut);
  outbox.put(numbered(70));
  await outbox.close(20);
  expect(outbox.figures()).toMatchObject({ put: 70, sent: 0, waiting: 0, dropped: { Stopped: 70 } });
});

it("while the disk takes nothing memory does, health says so, and the disk is used again when it is well", async () => {
  const { log, lines } = rememberingLog();
  const wayOut = new NotingWayOut();
  wayOut.send_ = down;
  const outbox = open(wayOut, { spill: await openSpill(), log });
  disk.state = "full";
  outbox.put(numbered(500));
  await eventually(() => outbox.health()).toMatchObject({ reason: expect.stringMatching(/ENOSPC/) });
  expect(outbox.figures()).toMatchObject({ waiting: 500, spilled: 0, dropped: {} });
  disk.state = "well";
  await eventually(() => outbox.figures().spilledEver).toBe(500);
  wayOut.send_ = () => [];
  await eventually(() => outbox.health()).toEqual({ state: "ready" });
  await eventually(() => outbox.figures().sent).toBe(500);
  const said = lines.map(({ text }) => text);
  expect(said.filter((text) => text === "the spill cannot be written")).toHaveLength(1);
  expect(said).toContain("the spill can be written again");
});

it("the disk is found well again although nothing needs it", async () => {
  const wayOut = new NotingWayOut();
  wayOut.send_ = down;
  const outbox = open(wayOut, { spill: await openSpill() });
  disk.state = "readOnly";
  outbox.put(numbered(100));
  await eventually(() => outbox.health()).toMatchObject({ reason: expect.stringMatching(/EROFS/) });
  wayOut.send_ = () => [];
  await eventually(() => outbox.figures().sent).toBe(100);
  expect(outbox.health().state).toBe("degraded");
  disk.state = "well";
  await eventually(() => outbox.health()).toEqual({ state: "ready" });
});

it("more requests run at a time while there is more to send, up to the limit", async () => {
  const wayOut = new NotingWayOut();
  wayOut.send_ = async () => {
    await sleep(5);
    return [];
  };
  const outbox = open(wayOut, { parallel: 6 });
  outbox.put(numbered(3_000));
  expect(wayOut.requests).toHaveLength(2);
  await eventually(() => outbox.figures().sent).toBe(3_000);
  expect(wayOut.most).toBe(6);
});
