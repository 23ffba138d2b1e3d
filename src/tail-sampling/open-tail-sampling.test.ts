import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { aDocument } from "../../test/fixtures/builders.ts";
import { StoreError } from "../errors.ts";
import { type Log, silentLog } from "../log.ts";
import { MemoryStore } from "../store/memory/memory-store.ts";
import type { AppendResult, RawDocument } from "../store/trace-store.ts";
import { readKeepPolicy } from "./keep-policy.ts";
import { hasHeld, keepHeld, openTailSampling, type TailSampling } from "./open-tail-sampling.ts";

let folder: string;
let opened: TailSampling[] = [];
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "tail-sampling-test-")), "held");
});
afterEach(async () => {
  for (const tail of opened) await tail.close();
  opened = [];
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

/** A store that can be switched off. */
class Switched {
  isOn = true;
  refused = 0;
  readonly store: MemoryStore = new MemoryStore();

  async append(documents: readonly RawDocument[]): Promise<AppendResult> {
    if (this.isOn) return this.store.append(documents);
    this.refused += 1;
    throw new StoreError("FLUORO_STORE_WRITE", "It is switched off.", { retryable: true });
  }
}

const open = async (store: Switched, quietMs = 0, log: Log = silentLog): Promise<TailSampling> => {
  const policy = readKeepPolicy({ rules: ["fault"], restShare: 0 });
  const waits = { quietMs, longestMs: 60_000, maxBytes: 10 ** 7 };
  const tail = await openTailSampling({ policy, waits, folder, store, log });
  opened.push(tail);
  return tail;
};

const traceIdOf = (number: number): string => `1-6553f100-${number.toString(16).padStart(24, "0")}`;
const faulty = (number: number): RawDocument => ({
  bytes: Buffer.from(aDocument({ trace_id: traceIdOf(number), fault: true })),
});
const good = (number: number): RawDocument => ({ bytes: Buffer.from(aDocument({ trace_id: traceIdOf(number) })) });

it("hands on what is kept as it is decided, and leaves nothing on disk", async () => {
  const store = new Switched();
  const tail = await open(store);
  const { outcomes } = await tail.append([faulty(1), good(2), { bytes: Buffer.from("{") }]);
  expect(outcomes.map((outcome) => outcome?.problem.code)).toEqual([undefined, undefined, "InvalidJson"]);
  await expect
    .poll(() => tail.figures().documents, { timeout: 10_000 })
    .toMatchObject({ taken: 2, waiting: 0, kept: 1 });
  expect(await store.store.usage()).toMatchObject({ traces: 1, segments: 1 });
  await tail.close();
  await tail.close();
  expect(readdirSync(folder).filter((name) => name.endsWith(".spill"))).toEqual([]);
});

it("tries until the store takes what is kept", async () => {
  const store = new Switched();
  store.isOn = false;
  const tail = await open(store);
  await tail.append([faulty(1)]);
  await expect.poll(() => store.refused, { timeout: 10_000 }).toBeGreaterThan(1);
  store.isOn = true;
  await expect.poll(() => tail.figures().documents.kept, { timeout: 10_000 }).toBe(1);
});

it("ends although the store takes nothing, and the next one hands on what was left", async () => {
  const store = new Switched();
  store.isOn = false;
  const first = await open(store);
  await first.append([faulty(1), good(2)]);
  await expect.poll(() => store.refused, { timeout: 10_000 }).toBeGreaterThan(0);
  await first.close();
  expect(hasHeld(folder)).toBe(true);
  store.isOn = true;
  const second = await open(store);
  await expect.poll(() => second.figures().documents.kept, { timeout: 10_000 }).toBe(1);
  expect((await store.store.usage()).traces).toBe(1);
});

it("what was left is kept, all of it, where nothing is to be sampled any more", async () => {
  const store = new Switched();
  await (await open(store, 60_000)).append([faulty(1), good(2)]);
  await opened[0]!.close();
  expect(hasHeld(folder)).toBe(true);
  expect(await keepHeld({ folder, store, log: silentLog })).toBe(2);
  expect(await store.store.usage()).toMatchObject({ traces: 2 });
  expect(hasHeld(folder)).toBe(false);
});

it("says which folder cannot be used, and that another process has it", async () => {
  await open(new Switched());
  await expect(open(new Switched())).rejects.toMatchObject({
    code: "FLUORO_STORE_WRITE",
    message: expect.stringContaining(folder),
  });
});
