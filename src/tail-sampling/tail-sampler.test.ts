import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { workloadDocuments } from "../../bench/workload.ts";
import { aDocument, anId, aStreamedSubsegment } from "../../test/fixtures/builders.ts";
import { chance } from "../../test/fixtures/chance.ts";
import { parseFilter } from "../filter/parser.ts";
import { silentLog } from "../log.ts";
import { MemoryStore } from "../store/memory/memory-store.ts";
import type { TraceStore } from "../store/trace-store.ts";
import type { TraceDigest } from "../trace/digest.ts";
import { weightBy } from "./decide.ts";
import { HoldLog } from "./hold-log.ts";
import { readKeepPolicy } from "./keep-policy.ts";
import { TailSampler } from "./tail-sampler.ts";

const t0 = 1_700_000_000;
const everyTrace = { startSeconds: 0, endSeconds: 2 * t0, rangeType: "TraceId", limit: 100_000 } as const;
const digestsOf = async (store: TraceStore): Promise<readonly TraceDigest[]> =>
  (await store.findTraces(everyTrace)).digests;

let folder: string;
let log: HoldLog;
let nowMs: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tail-sampler-test-"));
  log = await HoldLog.open(folder, silentLog);
  nowMs = 0;
});
afterEach(async () => {
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Open {
  readonly rules?: readonly string[];
  readonly restShare?: number;
  readonly maxBytes?: number;
}

const open = async ({ rules = [], restShare = 0, maxBytes = 10 ** 9 }: Open): Promise<TailSampler> => {
  const waits = { quietMs: 10_000, longestMs: 60_000, maxBytes };
  const opened = new TailSampler({ policy: readKeepPolicy({ rules, restShare }), waits, log, now: () => nowMs });
  await opened.resume();
  return opened;
};

/** As after `kill -9`: what was in memory is gone, what lies on disk is taken up. */
const reopen = async (options: Open): Promise<TailSampler> => {
  await log.close();
  log = await HoldLog.open(folder, silentLog);
  return open(options);
};

const take = (sampler: TailSampler, ...texts: string[]) =>
  sampler.take(texts.map((text) => ({ bytes: Buffer.from(text) })));

async function deliver(sampler: TailSampler, store: TraceStore, all = false): Promise<void> {
  for (let hasMore = true; hasMore; ) {
    const batch = await sampler.decide({ all });
    await store.append(batch.documents);
    await sampler.delivered(batch.number);
    hasMore = batch.hasMore;
    const { taken, waiting, kept, dropped } = sampler.figures().documents;
    expect(taken).toBe(waiting + kept + dropped);
  }
}

describe("traces that come in bits", () => {
  const rules = ["fault", "throttle", '50% service("stock")'];
  const restShare = 0.25;

  it.each([1, 2])(
    "are kept whole or not at all, each by its rule, in spite of restarts at any moment (seed %s)",
    async (seed) => {
      const documents = [...workloadDocuments({ seed, traces: 600, startSeconds: t0, spanSeconds: 60 })];
      const truth = new MemoryStore();
      await truth.append(documents.map((text) => ({ bytes: Buffer.from(text) })));
      const store = new MemoryStore();
      const below = chance(seed);
      let sampler = await open({ rules, restShare });
      for (let at = 0; at < documents.length; ) {
        const count = 1 + below(60);
        await take(sampler, ...documents.slice(at, at + count));
        at += count;
        nowMs += (60_000 * count) / documents.length;
        await deliver(sampler, store);
        if (below(12) > 0) continue;
        if (below(2) === 0) {
          // Handed out, and perhaps written, but never reported back.
          const { documents: lost } = await sampler.decide();
          if (below(2) === 0) await store.append(lost);
        }
        sampler = await reopen({ rules, restShare });
      }
      await deliver(sampler, store, true);

      const all = await digestsOf(truth);
      const filters = rules.map((rule) => parseFilter(rule.replace(/^50% /, "")));
      const idsBy = await Promise.all(
        filters.map(async (filter) => (await truth.findTraces({ ...everyTrace, filter })).digests.map(({ id }) => id)),
      );
      const expected = all.flatMap(({ id, revision: _, ...digest }) => {
        const share = [1, 1, 0.5, restShare][[...idsBy.map((ids) => ids.includes(id)), true].indexOf(true)]!;
        const weight = weightBy(id, share);
        return weight === 0 ? [] : [{ ...digest, id, ...(weight > 1 && { weight }) }];
      });
      const kept = (await digestsOf(store)).map(({ revision: _, ...digest }) => digest);
      expect(kept).toEqual(expected);
    },
    60_000,
  );

  it("have weights that add up to all there were, and of what a rule keeps the exact number", async () => {
    const documents = [...workloadDocuments({ seed: 9, traces: 2_000, startSeconds: t0, spanSeconds: 60 })];
    const [truth, store] = [new MemoryStore(), new MemoryStore()];
    const sampler = await open({ rules: ["fault"], restShare: 0.2 });
    await truth.append(documents.map((text) => ({ bytes: Buffer.from(text) })));
    await take(sampler, ...documents);
    await deliver(sampler, store, true);
    const range = { startSeconds: t0 - 60, endSeconds: t0 + 600, periodSeconds: 600 };
    const totals = async (of: TraceStore) => (await of.timeSeries(range))[0]!.statistics;
    const [exact, estimate] = [await totals(truth), await totals(store)];
    expect(estimate.fault).toBe(exact.fault);
    // Of n that a share p keeps, n·(1-p)/p is the variance of the estimate.
    const rest = exact.total - exact.fault;
    expect(Math.abs(estimate.total - exact.total)).toBeLessThan(4 * Math.sqrt((rest * 0.8) / 0.2));
    expect(await digestsOf(store)).toHaveLength(
      sampler.figures().rest.keptTraces + sampler.figures().rules[0]!.keptTraces,
    );
  }, 60_000);
});

describe("documents that come late", () => {
  const traceId = "1-6553f100-000000000000000000000001";

  it("follow the decision on their trace, whichever it was", async () => {
    for (const restShare of [0, 1]) {
      const store = new MemoryStore();
      const [id, trace_id] = [anId(), traceId.replace(/.$/, String(restShare))];
      const sampler = await open({ restShare });
      await take(sampler, aDocument({ id, trace_id }));
      nowMs += 10_000;
      await deliver(sampler, store);
      await take(sampler, aDocument({ parent_id: id, trace_id }));
      await deliver(sampler, store);
      expect((await store.usage()).segments).toBe(2 * restShare);
      expect(sampler.figures().documents).toMatchObject({ taken: 2, late: 1, waiting: 0 });
    }
  });

  it("follow it after a restart too", async () => {
    const store = new MemoryStore();
    const id = anId();
    let sampler = await open({ rules: ["fault"] });
    await take(sampler, aDocument({ id, fault: true }), aDocument({ trace_id: traceId.replace(/.$/, "9") }));
    nowMs += 9_000;
    // Holds the first file on disk, so that the note of the decision is still there.
    await take(sampler, aDocument({ trace_id: traceId.replace(/.$/, "9") }));
    nowMs += 1_000;
    await deliver(sampler, store);
    sampler = await reopen({ rules: ["fault"] });
    await take(sampler, aDocument({ parent_id: id }));
    await deliver(sampler, store);
    expect((await store.usage()).segments).toBe(2);
  });

  it("rescue what a rule wants: of a dropped trace what comes from then on, of a sampled one its standing for others", async () => {
    const store = new MemoryStore();
    const id = anId();
    const sampler = await open({ rules: ["fault"] });
    await take(sampler, aDocument({ id }));
    nowMs += 10_000;
    await deliver(sampler, store);
    await take(sampler, aDocument({ parent_id: id, fault: true }));
    await take(sampler, aDocument({ parent_id: id }));
    await deliver(sampler, store);
    expect((await store.usage()).segments).toBe(2);
    expect((await digestsOf(store))[0]).not.toHaveProperty("weight");
    expect(sampler.figures()).toMatchObject({ rescuedTraces: 1, droppedTraces: 1 });
  });
});

describe("the bound on what waits", () => {
  it("decides those early that have been quiet longest, and counts them", async () => {
    const store = new MemoryStore();
    const sampler = await open({ restShare: 1, maxBytes: 20_000 });
    const ids = Array.from({ length: 100 }, (_, at) => `1-6553f100-${at.toString(16).padStart(24, "0")}`);
    for (const trace_id of ids) await take(sampler, aDocument({ trace_id }));
    const { earlyTraces, waitingTraces } = sampler.figures();
    expect(earlyTraces).toBeGreaterThan(0);
    expect(earlyTraces + waitingTraces).toBe(100);
    await deliver(sampler, store);
    expect((await store.usage()).traces).toBe(earlyTraces);
  });

  it("turns documents away when what was kept cannot be handed on, in a way that the door tries again", async () => {
    const sampler = await open({ restShare: 1, maxBytes: 2_000 });
    const flood = async () => {
      for (let at = 0; at < 50; at++) {
        await take(sampler, aDocument({ trace_id: `1-6553f100-${at.toString(16).padStart(24, "0")}` }));
      }
    };
    await expect(flood()).rejects.toMatchObject({ code: "FLUORO_STORE_WRITE", retryable: true });
  });
});

it("answers each document as a store would, and holds no more than what is good", async () => {
  const sampler = await open({ restShare: 1 });
  const outcomes = await take(sampler, aDocument(), "{", aDocument({ trace_id: "wrong" }));
  expect(outcomes.map((outcome) => outcome?.problem.code)).toEqual([undefined, "InvalidJson", "InvalidTraceId"]);
  expect(sampler.figures().documents).toMatchObject({ taken: 1, waiting: 1 });
});

it("of a list with subsegments of two traces each trace has its own", async () => {
  const store = new MemoryStore();
  const [here, there] = [anId(), anId()];
  const other = "1-6553f100-0000000000000000000000ff";
  const list = [
    JSON.parse(aStreamedSubsegment({ parent_id: here })),
    JSON.parse(aStreamedSubsegment({ parent_id: there, trace_id: other })),
  ];
  const sampler = await open({ rules: ["fault"] });
  await take(sampler, aDocument({ id: here, fault: true }), aDocument({ id: there, trace_id: other }));
  await take(sampler, JSON.stringify(list));
  await deliver(sampler, store, true);
  expect(await digestsOf(store)).toHaveLength(1);
  const [trace] = await store.readTraces([JSON.parse(aDocument()).trace_id, other]);
  expect(trace?.documents).toHaveLength(2);
  expect(JSON.parse(trace!.documents[1]!)).toHaveLength(1);
});
