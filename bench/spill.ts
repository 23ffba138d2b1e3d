/**
 * What it costs to let documents wait, in memory and on disk: `npx tsx bench/spill.ts [folder]`.
 * Documents of 1 KB in packs of 50; a way out that takes each at once, so that only the waiting is measured. Each line is
 * the median of five rounds of 100,000 documents, in this process; CPU is that of all threads, the disk's included. The
 * folder decides which disk is measured; by default it is the system's temporary one.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Outbox } from "../src/forward/outbox.ts";
import type { WayOut } from "../src/forward/way-out.ts";
import { silentLog } from "../src/log.ts";
import { openSpillLog, type SpillLog } from "../src/spill/spill-log.ts";

const documentsInRound = 100_000;
const rounds = 5;
const batch = Array.from({ length: 50 }, () => Buffer.alloc(1_024, "x"));
const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), "fluoroscope-bench-"));
const taking: WayOut = { name: "taking", send: async () => [], close: async () => {} };

const openSpill = (): Promise<SpillLog> => openSpillLog({ folder, maxBytes: 2 ** 30, log: silentLog });

try {
  await measure("put, pack, send from memory", async () => {
    const outbox = new Outbox({ wayOut: taking, memoryBytes: 2 ** 30, log: silentLog });
    await putAll(outbox);
    await outbox.close(60_000);
  });
  await measure("the same over the disk (memory 0)", async () => {
    const spill = await openSpill();
    const outbox = new Outbox({ wayOut: taking, memoryBytes: 0, spill, log: silentLog });
    await putAll(outbox);
    await outbox.close(60_000);
    if (outbox.figures().sent < documentsInRound) throw new Error("Something was given up");
    await spill.close();
  });
  let spill = await openSpill();
  await measure("spill: write and sync", () => write(spill, documentsInRound));
  await spill.close();
  const openings = await times(async () => {
    spill = await openSpill();
    await spill.close();
  });
  spill = await openSpill();
  await measure("spill: read back in order", () => read(spill, documentsInRound));
  await spill.close();
  console.log(
    `${`open a spill of ${Math.round((rounds * documentsInRound) / 1e3)},000 documents`.padEnd(36)} ${median(openings).toFixed(1)} ms`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** As fast as nothing has to be given up. */
async function putAll(outbox: Outbox): Promise<void> {
  for (let put = 0; put < documentsInRound; put += 250) {
    for (let each = 0; each < 5; each += 1) outbox.put(batch);
    await new Promise(setImmediate);
    while (outbox.figures().waitingBytes > 4e6) await sleep(1);
  }
}

async function write(spill: SpillLog, documents: number): Promise<void> {
  for (let written = 0; written < documents; written += 1_000) {
    await Promise.all(Array.from({ length: 20 }, () => spill.append(batch)));
  }
}

async function read(spill: SpillLog, documents: number): Promise<void> {
  for (let count = 0; count < documents; ) {
    const pack = await spill.read();
    if (pack === undefined) throw new Error("The spill has less than was written");
    count += pack.documents.length;
    spill.release(pack.ticket);
  }
}

async function measure(name: string, round: () => Promise<void>): Promise<void> {
  const cpu: number[] = [];
  const wall = await times(async () => {
    const before = process.cpuUsage();
    await round();
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / documentsInRound);
  });
  const rate = Math.round(documentsInRound / (median(wall) / 1_000)).toLocaleString("en-US");
  console.log(`${name.padEnd(36)} ${rate.padStart(9)} documents/s, ${median(cpu).toFixed(2)} µs CPU a document`);
}

async function times(work: () => Promise<void>): Promise<number[]> {
  const all: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startMs = performance.now();
    await work();
    all.push(performance.now() - startMs);
  }
  return all;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
