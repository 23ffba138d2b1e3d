import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { workloadTraces } from "../../bench/workload.ts";
import { parseFilter } from "../../src/filter/parser.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { RawDocument, TraceStore } from "../../src/store/trace-store.ts";
import { aDocument, anId } from "../fixtures/builders.ts";
import { chance } from "../fixtures/chance.ts";
import { everyTrace, everything, expectSameAnswers, type OpenOptions, t0 } from "./store-contract.ts";

/** What a store must do with documents that stand for others (tail sampling); part of the contract of every store. */
export function describeWeights(name: string, open: (options?: OpenOptions) => TraceStore): void {
  describe(`${name}, with weights`, () => {
    let store: TraceStore;
    beforeAll(() => {
      store = open();
    });
    beforeEach(() => store.clear());
    afterAll(() => store.close());

    const weightsOf = async () => (await store.findTraces(everyTrace)).digests.map(({ weight }) => weight);

    it("counts a trace as often as it stands for others: the figures are those of so many copies of it", async () => {
      const copies = new MemoryStore();
      for (const { id, documents } of workloadTraces({ seed: 11, traces: 40, startSeconds: t0, spanSeconds: 400 })) {
        const weight = 1 + (Number.parseInt(id.slice(-4), 16) % 4);
        await store.append(documents.map(({ text }) => raw(text, weight)));
        for (let copy = 0; copy < weight; copy++) {
          const copiedId = `${id.slice(0, -1)}${copy.toString(16)}`;
          await copies.append(documents.map(({ text }) => raw(text.replaceAll(id, copiedId))));
        }
      }
      const filters = [undefined, 'service("stock")', "fault = true OR error = true"];
      for (const filter of filters.map((text) => text && parseFilter(text))) {
        for (const endSeconds of [t0 + 1_000, t0 + 130]) {
          const query = { startSeconds: t0 - 100, endSeconds, ...(filter && { filter }) };
          expect(bare(await store.serviceGraph(query))).toEqual(bare(await copies.serviceGraph(query)));
          for (const selector of [undefined, { kind: "service", node: { name: "stock" } } as const]) {
            const series = { ...query, periodSeconds: 60, ...(selector && { selector }) };
            expect(bare(await store.timeSeries(series))).toEqual(bare(await copies.timeSeries(series)));
          }
          const glance = { ...query, columns: 8, values: 10, mostTraces: 10_000 };
          expect(bare(await store.overview(glance))).toEqual(bare(await copies.overview(glance)));
        }
      }
    });

    it("says which figures are estimates, and how many of them were kept", async () => {
      await store.append([raw(aDocument({ trace_id: idOf(1) }), 10), raw(aDocument({ trace_id: idOf(2) }))]);
      const graph = await store.serviceGraph(everything);
      expect(graph.nodes.find(({ isClient }) => !isClient)?.statistics).toMatchObject({ total: 11, estimated: 9 });
      const [point] = await store.timeSeries({ ...everything, periodSeconds: 60 });
      expect(point?.statistics).toMatchObject({ total: 11, estimated: 9 });
      const overview = await store.overview({ ...everything, columns: 4, values: 4, mostTraces: 100 });
      expect(overview).toMatchObject({ looked: 2, traces: 11, kept: 2 });
      expect(await store.usage()).toMatchObject({ traces: 2, segments: 2 });
    });

    it("says nothing of estimates where every trace stands for itself", async () => {
      await store.append([raw(aDocument(), 1)]);
      expect(await weightsOf()).toEqual([undefined]);
      const graph = await store.serviceGraph(everything);
      expect(graph.nodes.every(({ statistics }) => statistics.estimated === undefined)).toBe(true);
      expect(await store.overview({ ...everything, columns: 0, values: 0, mostTraces: 9 })).not.toHaveProperty("kept");
    });

    it("gives a trace the least weight that was said of it, and what says nothing changes nothing", async () => {
      const id = anId();
      const later = (): string => aDocument({ parent_id: id });
      await store.append([raw(aDocument({ id }), 10), raw(later(), 4)]);
      expect(await weightsOf()).toEqual([4]);
      await store.append([raw(later())]);
      expect(await weightsOf()).toEqual([4]);
      await store.append([raw(later(), 9)]);
      expect(await weightsOf()).toEqual([4]);
      await store.append([raw(later(), 1)]);
      expect(await weightsOf()).toEqual([undefined]);
      await store.append([raw(later(), 10)]);
      expect(await weightsOf()).toEqual([undefined]);
    });

    it("gives the reference's answers when traces come in bits and their weights fall meanwhile", async () => {
      const reference = new MemoryStore();
      const below = chance(5);
      const documents: RawDocument[] = [];
      for (const trace of workloadTraces({ seed: 4, traces: 60, startSeconds: t0, spanSeconds: 300 })) {
        const weight = [undefined, 10, 10, 3][below(4)];
        for (const { text } of trace.documents) documents.push(raw(text, below(20) === 0 ? 1 : weight));
      }
      shuffle(documents, below);
      for (let at = 0; at < documents.length; at += 23) {
        const batch = documents.slice(at, at + 23);
        for (const each of [store, reference]) await each.append(batch.map((document) => ({ ...document })));
      }
      await expectSameAnswers(store, reference, [parseFilter('service("stock")')]);
    }, 60_000);
  });
}

function shuffle(items: unknown[], below: (limit: number) => number): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [items[last], items[other]] = [items[other], items[last]];
  }
}

const raw = (text: string, weight?: number): RawDocument => ({
  bytes: Buffer.from(text),
  ...(weight !== undefined && { weight }),
});

const idOf = (number: number): string => `1-6553f100-${number.toString(16).padStart(24, "0")}`;

/** Without what only estimates have, and without what tells copies apart from one that stands for them. */
function bare(answer: unknown): unknown {
  const text = JSON.stringify(answer, (key, value) =>
    ["estimated", "kept", "looked"].includes(key) ? undefined : value,
  );
  return JSON.parse(text);
}
