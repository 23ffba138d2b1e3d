import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { Ingest, type Sink } from "../../src/ingest/ingest.ts";
import { openStore } from "../../src/store/open-store.ts";
import { aServer } from "../conformance/a-server.ts";
import { chance } from "../fixtures/chance.ts";
import { ChaosLoad, expectAll } from "./chaos-load.ts";

const seconds = Number(process.env.CHAOS_SECONDS ?? 8);
const seed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31));

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/**
 * A disk that takes up to two seconds for a batch, and sometimes says that it could not write what it has written, or has
 * not. It stands where the store does, since a slow device can only be had with rights over the machine.
 */
function slowed(store: Sink, pick: (limit: number) => number): Sink & { readonly faults: () => number } {
  let faults = 0;
  const fail = (): never => {
    faults += 1;
    throw new StoreError("FLUORO_STORE_WRITE", "the disk does not answer", { retryable: true });
  };
  return {
    faults: () => faults,
    async append(documents) {
      await sleep(pick(4) === 0 ? pick(2_000) : pick(50));
      if (pick(5) === 0) fail();
      const result = await store.append(documents);
      if (pick(5) === 0) fail();
      return result;
    },
  };
}

const encoder = new TextEncoder();

/** Brings documents to the door until it has taken each of them; tells of those that had to come again. */
async function bring(documents: readonly string[], ingest: Ingest, onRefused: (count: number) => void): Promise<void> {
  let left = documents;
  for (;;) {
    const outcomes = await ingest.acceptAll(
      left.map((text) => encoder.encode(text)),
      "http",
    );
    left = left.filter((_, at) => {
      const code = outcomes[at]?.problem.code;
      expect([undefined, "QueueFull", "StoreFailed"]).toContain(code);
      return code !== undefined;
    });
    if (left.length === 0) return;
    onRefused(left.length);
    await sleep(50);
  }
}

it(`a disk that is slow, and wrong about what it wrote, loses nothing and doubles nothing (seed ${seed})`, {
  timeout: (seconds * 10 + 240) * 1_000,
}, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "fluoroscope-slow-"));
  cleanUps.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const store = await openStore({ dataDir });
  const disk = slowed(store, chance(seed));
  const queueBytes = 60_000;
  const ingest = new Ingest(disk, { queueBytes });
  const load = new ChaosLoad(seed + 1);
  let again = 0;
  const count = (refused: number): void => {
    again += refused;
  };
  const endMs = performance.now() + seconds * 1_000;
  const sender = async (): Promise<void> => {
    while (performance.now() < endMs) await bring(load.next(50), ingest, count);
  };
  await Promise.all(Array.from({ length: 8 }, sender));
  const rest = load.rest();
  for (let at = 0; at < rest.length; at += 50) await bring(rest.slice(at, at + 50), ingest, count);
  await ingest.close();
  const { received, accepted, refused, stored, dropped, waiting } = ingest.counters();
  expect([accepted + refused, stored + dropped + waiting, waiting]).toEqual([received, accepted, 0]);
  expect([disk.faults() > 0, again > 0], "it was slow, and there was no room").toEqual([true, true]);
  await store.close();

  const server = await aServer({ ephemeral: "false", dataDir });
  cleanUps.push(() => server.close());
  await expectAll(server.addresses.http, load.sent);
});
