import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Overview } from "../../src/analysis/overview.ts";
import { formatFilter } from "../../src/filter/format.ts";
import { parseFilter } from "../../src/filter/parser.ts";
import type { Filter } from "../../src/filter/tree.ts";
import type { ServiceGraph } from "../../src/graph/service-graph.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { StoreChange, TraceQuery, TraceStore } from "../../src/store/trace-store.ts";
import type { TraceDigest } from "../../src/trace/digest.ts";
import { apiFixtures, fixtureDocuments } from "../fixtures/api-fixtures.ts";
import { arbitraryChoices, arbitraryFilter } from "../fixtures/arbitrary-filters.ts";
import { arbitraryDocuments, arbitraryRange } from "../fixtures/arbitrary-traces.ts";
import { aDocument, anId, aStreamedSubsegment, aWireSegment, aWireSubsegment } from "../fixtures/builders.ts";

/** Seconds at which the builders' segments begin. */
export const t0 = 1_700_000_000;
export const everything = { startSeconds: t0 - 86_400, endSeconds: t0 + 86_400 };

/** What a test may say about the store it wants. `now` is in milliseconds. */
export interface OpenOptions {
  readonly retentionSeconds?: number;
  readonly maxBytes?: number;
  readonly now?: () => number;
}

/** The store's answers must be those of the memory store, whatever it does inside. */
export function describeStore(name: string, open: (options?: OpenOptions) => TraceStore): void {
  describe(name, () => {
    let store: TraceStore;
    let reference: TraceStore;
    beforeAll(() => {
      store = open();
    });
    beforeEach(async () => {
      await store.clear();
      reference = new MemoryStore();
    });
    afterAll(() => store.close());

    /** Both stores, the same documents, one batch. */
    const appendToBoth = async (...documents: string[]) => {
      const outcomes = await append(store, ...documents);
      expect(outcomes).toEqual(await append(reference, ...documents));
      return outcomes;
    };

    describe("append", () => {
      it("accepts what is good and explains what is not, in the order in which it came", async () => {
        const outcomes = await append(
          store,
          aDocument(),
          "{",
          aDocument({ trace_id: "wrong", id: "00000000000000aa" }),
        );
        expect(outcomes.map((outcome) => outcome?.problem.code)).toEqual([undefined, "InvalidJson", "InvalidTraceId"]);
        expect(outcomes[2]?.segmentId).toBe("00000000000000aa");
        expect((await store.usage()).segments).toBe(1);
      });

      it("takes no documents as well", async () => {
        expect(await append(store)).toEqual([]);
        expect(await store.usage()).toMatchObject({ traces: 0, segments: 0 });
      });

      it("keeps the good subsegments of a list and reports the first bad one", async () => {
        const parent = anId();
        const good = JSON.parse(aStreamedSubsegment({ parent_id: parent, name: "kept" }));
        const [outcome] = await append(store, JSON.stringify([{ ...good, name: undefined }, good]));
        expect(outcome?.problem.code).toBe("MissingName");
        await append(store, aDocument({ id: parent }));
        expect((await only(store)).documents).toHaveLength(2);
      });

      it("keeps what is sent together together: a list of subsegments of two traces belongs to both", async () => {
        const other = "1-6553f100-0000000000000000000000ff";
        const [here, there] = [anId(), anId()];
        const list = [
          JSON.parse(aStreamedSubsegment({ parent_id: here })),
          JSON.parse(aStreamedSubsegment({ parent_id: there, trace_id: other })),
        ];
        await appendToBoth(aDocument({ id: here }), aDocument({ id: there, trace_id: other }), JSON.stringify(list));
        await expectSameAnswers(store, reference);
        expect((await store.findTraces({ ...everyTrace })).digests.map(({ isPartial }) => isPartial)).toEqual([
          false,
          false,
        ]);
      });

      it("changes nothing when a document is repeated", async () => {
        const document = aDocument();
        await append(store, document, document);
        await append(store, document);
        const trace = await only(store);
        expect(trace.revision).toBe(1);
        expect(trace.documents).toEqual([document]);
      });

      it("counts a revision for each append that changes a trace", async () => {
        const id = anId();
        await append(store, aDocument({ id }));
        await append(store, aDocument({ parent_id: id }), aDocument({ parent_id: id }));
        expect((await only(store)).revision).toBe(2);
        expect((await store.findTraces(everyTrace)).digests[0]?.revision).toBe(2);
      });

      it("replaces what is in progress by what has finished, in either order", async () => {
        for (const finishedFirst of [false, true]) {
          const id = anId();
          const traceId = `1-6553f100-${id.padStart(24, "0")}`;
          const running = aDocument({ id, trace_id: traceId, in_progress: true });
          const finished = aDocument({ id, trace_id: traceId });
          for (const document of finishedFirst ? [finished, running] : [running, finished])
            await append(store, document);
          expect(await store.readTraces([traceId])).toEqual([
            { id: traceId, revision: finishedFirst ? 1 : 2, documents: [finished] },
          ]);
        }
      });

      it("puts subsegments that were sent alone in their places, before and after their segment", async () => {
        const [segment, first, second] = [anId(), anId(), anId()];
        const early = aStreamedSubsegment({ id: first, parent_id: segment, namespace: "remote", name: "a.example" });
        const late = aStreamedSubsegment({ id: second, parent_id: first, namespace: "remote", name: "b.example" });
        await appendToBoth(early);
        expect((await store.findTraces(everyTrace)).digests[0]).toMatchObject({ isPartial: true, segments: [] });
        await appendToBoth(aDocument({ id: segment }));
        await appendToBoth(late);
        const [digest] = (await store.findTraces(everyTrace)).digests;
        expect(digest?.nodes.map((node) => node.name)).toEqual(["shop", "a.example", "b.example"]);
        expect(digest?.isPartial).toBe(false);
        await expectSameAnswers(store, reference);
      });

      it("keeps every byte of a document, secrets in addresses excepted", async () => {
        const note = 'größe 😀 \\u0000 "quoted"';
        const document = aDocument({
          metadata: { note },
          http: { request: { url: "http://shop.example/?token=hush" } },
        });
        await append(store, `  ${document}\n`);
        const [kept] = (await only(store)).documents;
        expect(kept).not.toContain("hush");
        expect(kept?.startsWith("  {")).toBe(true);
        expect(JSON.parse(kept!).metadata.note).toBe(note);
      });
    });

    describe("traces", () => {
      it("are read with the documents in the order in which they came, unknown ids left out, each once", async () => {
        const id = anId();
        const documents = [aDocument({ id }), aDocument({ parent_id: id }), aDocument({ parent_id: id })];
        await append(store, documents[0]!, documents[1]!);
        await append(store, documents[2]!);
        const known = "1-6553f100-000000000000000000000001";
        const unknown = "1-6553f100-00000000000000000000dead";
        expect(await store.readTraces([unknown, known, known])).toEqual([{ id: known, revision: 2, documents }]);
        expect(await store.readTraces([])).toEqual([]);
      });
    });

    describe("pages", () => {
      const rangeTypes: readonly TraceQuery["rangeType"][] = ["TraceId", "Event", "Service"];

      it("hold what falls in the range, by each type of range", async () => {
        // By its id at t0, running from t0 + 5 to t0 + 10, a call inside until t0 + 8.
        const id = anId();
        await append(store, aDocument({ id, start_time: t0 + 5, end_time: t0 + 10 }));
        await append(store, aDocument({ parent_id: id, name: "inner", start_time: t0 + 6, end_time: t0 + 8 }));
        const finds = async (rangeType: TraceQuery["rangeType"], from: number, to: number) => {
          const range = { rangeType, startSeconds: t0 + from, endSeconds: t0 + to };
          return (await store.findTraces({ ...range, limit: 10 })).digests.length === 1;
        };
        expect(await finds("TraceId", 0, 1)).toBe(true);
        expect(await finds("TraceId", -1, 0)).toBe(false);
        expect(await finds("TraceId", 1, 20)).toBe(false);
        expect(await finds("Event", 9, 9.5)).toBe(true);
        expect(await finds("Event", 0, 5)).toBe(false);
        expect(await finds("Event", 10, 11)).toBe(true);
        expect(await finds("Event", 10.5, 20)).toBe(false);
        expect(await finds("Service", 8, 8.5)).toBe(true);
        expect(await finds("Service", 8.5, 10)).toBe(false);
        expect(await finds("Service", 10, 11)).toBe(true);
      });

      it("go through everything once, newest first, whatever their size", async () => {
        await appendToBoth(...manyTraces(57));
        for (const rangeType of rangeTypes) {
          for (const limit of [1, 7, 57, 100]) {
            const ids = await allPages(store, { ...everything, rangeType, limit });
            expect(ids).toEqual(await allPages(reference, { ...everything, rangeType, limit }));
            expect(new Set(ids).size).toBe(57);
          }
        }
      });

      it("lose nothing and repeat nothing while traces arrive and change", async () => {
        const documents = manyTraces(60);
        await append(store, ...documents.slice(0, 40));
        const seen: string[] = [];
        let after: string | undefined;
        let arriving = 40;
        do {
          const page = await store.findTraces({ ...everyTrace, limit: 7, ...(after !== undefined && { after }) });
          seen.push(...page.digests.map(({ id }) => id));
          after = page.next;
          // One that is new, and one that is known and changes without moving.
          const changed = JSON.parse(documents[(arriving * 7) % 40]!);
          const { trace_id, id: parent_id, start_time } = changed;
          await append(store, documents[arriving]!, aDocument({ trace_id, parent_id, start_time }));
          arriving = Math.min(arriving + 1, 59);
        } while (after !== undefined);
        const first = documents.slice(0, 40).map((document) => JSON.parse(document).trace_id);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen).toEqual(expect.arrayContaining(first));
      });

      it("keep the asked share of the traces, the same ones each time", async () => {
        await appendToBoth(...manyTraces(200));
        const query = { ...everyTrace, limit: 1000, sampleRate: 0.25 };
        const sampled = await store.findTraces(query);
        expect(sampled.digests.length).toBeGreaterThan(25);
        expect(sampled.digests.length).toBeLessThan(80);
        expect(await allPages(store, { ...query, limit: 9 })).toEqual(sampled.digests.map(({ id }) => id));
        expect(await allPages(reference, query)).toEqual(sampled.digests.map(({ id }) => id));
      });

      it("are empty when nothing matches, and refuse a token that is none", async () => {
        expect(await store.findTraces(everyTrace)).toMatchObject({ digests: [] });
        await expect(store.findTraces({ ...everyTrace, after: "nonsense" })).rejects.toMatchObject({
          code: "FLUORO_REFUSED",
        });
      });
    });

    describe("filters", () => {
      beforeEach(async () => {
        for (const { n } of apiFixtures.traces) await appendToBoth(...fixtureDocuments(n));
      });

      it.each(apiFixtures.filter_cases)(
        "$expr finds the same traces as the reference: $meaning",
        async ({ expr, match }) => {
          const filter = parseFilter(expr, { groups: new Map(Object.entries(apiFixtures.groups)) });
          const ids = match.map((n) => apiFixtures.traces[n - 1]!.id).sort();
          expect((await allPages(store, { ...everyTrace, filter })).sort()).toEqual(ids);
          const query = { ...everything, filter };
          expect(await store.serviceGraph(query)).toEqual(await reference.serviceGraph(query));
        },
      );
    });

    describe("filters that read documents", () => {
      const withMetadata = (at: number, document: string): string =>
        JSON.stringify({ ...JSON.parse(document), metadata: { default: { n: at } } });

      it("end a page after some thousand traces, with a token, and find everything by paging", async () => {
        await appendToBoth(...manyTraces(4_500).map((document, at) => withMetadata(at, document)));
        const query = { ...everyTrace, filter: parseFilter("metadata.default.n = 7 OR metadata.default.n = 4400") };
        expect((await store.findTraces(query)).next).toBeDefined();
        expect(await allPages(store, query)).toEqual(await allPages(reference, query));
        expect(await allPages(store, query)).toHaveLength(2);
      });

      it("read those that the rest of the filter lets through, and no more", async () => {
        await appendToBoth(...manyTraces(2_100).map((document, at) => withMetadata(at, document)));
        const filter = parseFilter("duration > 1 AND duration < 1 AND !metadata.default.n");
        const pages = await pagesOf(store, { ...everyTrace, filter });
        const unread = await pagesOf(store, { ...everyTrace, filter: parseFilter("duration > 1 AND duration < 1") });
        expect(pages).toEqual(unread);
      });

      it("find what only a document tells, in figures too", async () => {
        const parent = anId();
        const load = aWireSubsegment({ name: "load", fault: true, subsegments: [aWireSubsegment({ name: "inner" })] });
        await appendToBoth(aDocument({ id: parent }), ...manyTraces(20).slice(1));
        await appendToBoth(aDocument({ parent_id: parent, name: "stock", subsegments: [load] }));
        await appendToBoth(aStreamedSubsegment({ parent_id: parent, name: "late", metadata: { default: { n: 1 } } }));
        const filters = [
          'subsegment("load") { fault }',
          'service("stock") { subsegment("inner") }',
          'subsegment("late") { metadata.default.n = 1 }',
          "!subsegment()",
        ].map((text) => parseFilter(text));
        for (const filter of filters.slice(0, 3))
          expect(await allPages(store, { ...everyTrace, filter })).toHaveLength(1);
        await expectSameAnswers(store, reference, filters);
      });
    });

    it("gives the reference's answers after any order of arrival, with repeats and in batches of any size", async () => {
      const filters = ["fault", 'annotation.tenant = "acme"', 'user = "alice"', 'service("orders")', "!ok"].map(
        (text) => parseFilter(text),
      );
      const chosen = fc
        .tuple(arbitraryFilter, arbitraryChoices)
        .map(([filter, choices]) => parseFilter(formatFilter(filter), choices));
      const arrivals = fc
        .array(arbitraryDocuments, { minLength: 1, maxLength: 4 })
        .map((groups) => groups.flatMap((documents, group) => documents.map(({ text }) => inGroup(text, group))))
        .chain((documents) =>
          fc.record({
            documents: fc.shuffledSubarray([...documents, ...documents], { minLength: documents.length }),
            batch: fc.integer({ min: 1, max: 20 }),
            any: fc.array(chosen, { minLength: 1, maxLength: 4 }),
          }),
        );
      await fc.assert(
        fc.asyncProperty(arrivals, async ({ documents, batch, any }) => {
          await store.clear();
          await reference.clear();
          for (let at = 0; at < documents.length; at += batch) await appendToBoth(...documents.slice(at, at + batch));
          await expectSameAnswers(store, reference, [...filters, ...any]);
        }),
        { numRuns: 25, endOnFailure: true },
      );
    });

    describe("graphs", () => {
      it("of a long range are of whole minutes, and say so; of a short one they are exact", async () => {
        await append(store, aDocument({ start_time: t0, end_time: t0 + 1 }));
        const long = await store.serviceGraph({ startSeconds: t0 + 2, endSeconds: t0 + 700 });
        expect([long.startSeconds, long.endSeconds]).toEqual([t0 - 20, t0 + 700]);
        expect(long.nodes.map(({ name }) => name)).toEqual(["shop", "shop"]);
        const short = { startSeconds: t0 + 2, endSeconds: t0 + 20 };
        expect(await store.serviceGraph(short)).toEqual({ ...short, nodes: [] });
      });

      it("have the links inside a trace, whichever end comes first, and none that is taken back", async () => {
        const link = { trace_id: "1-6553f100-0000000000000000000000aa", id: anId() };
        const outbox = aWireSubsegment({ ...link, name: "outbox", namespace: "remote", end_time: t0 + 1 });
        const web = aWireSegment({ trace_id: link.trace_id, name: "web", end_time: t0 + 2, subsegments: [outbox] });
        const worker = { ...link, id: anId(), name: "worker", start_time: t0 + 6, links: [link] };
        const ages = async () => {
          const { nodes } = await store.serviceGraph(everything);
          const edges = nodes.flatMap((node) => node.edges);
          return edges.filter(({ kind }) => kind === "link").map((edge) => edge.ages);
        };
        await appendToBoth(aDocument({ ...worker, in_progress: true }));
        expect(await ages()).toEqual([]);
        await appendToBoth(JSON.stringify(web));
        expect(await ages()).toEqual([undefined]);
        await appendToBoth(aDocument({ ...worker, end_time: t0 + 7 }));
        expect(await ages()).toEqual([[{ seconds: 5, count: 1 }]]);
        await expectSameAnswers(store, reference, [parseFilter('edge("outbox", "worker")')]);
        // Now it has been called, and is linked no more.
        await appendToBoth(aDocument({ ...worker, end_time: t0 + 8, parent_id: link.id }));
        expect(await ages()).toEqual([]);
        await expectSameAnswers(store, reference, [parseFilter('edge("outbox", "worker")')]);
      });

      it("grow towards the final one when partial answers are wanted", async () => {
        await append(store, ...manyTraces(300));
        const partial: ServiceGraph[] = [];
        const filter = parseFilter("duration >= 0");
        const graph = await store.serviceGraph({ ...everything, filter }, (each) => partial.push(each));
        for (const { nodes } of partial) expect(nodes.length).toBeLessThanOrEqual(graph.nodes.length);
        expect(graph.nodes.find((node) => !node.isClient)?.statistics.total).toBe(300);
      });
    });

    describe("those who follow", () => {
      it("are told of each change, newest first, and of nothing when nothing changes", async () => {
        const changes: StoreChange[] = [];
        const stop = store.subscribe((change) => changes.push(change));
        const document = aDocument();
        await append(store, document);
        await append(store, document);
        await append(store, "{");
        expect(changes).toHaveLength(1);
        expect(changes[0]).toMatchObject({ truncated: false, graph: { minutes: [Math.floor((t0 + 1) / 60)] } });
        expect(changes[0]?.digests).toEqual((await store.findTraces(everyTrace)).digests);
        expect(changes[0]?.graph.edges).toHaveLength(1);
        stop();
        await append(store, aDocument());
        expect(changes).toHaveLength(1);
      });

      it("do no harm when they fail", async () => {
        const stop = store.subscribe(() => {
          throw new Error("a mistake of the listener's");
        });
        expect(await append(store, aDocument())).toEqual([undefined]);
        stop();
      });

      it("are told of the newest 200 traces of a large change, and that there were more", async () => {
        const changes: StoreChange[] = [];
        const stop = store.subscribe((change) => changes.push(change));
        await append(store, ...manyTraces(230));
        stop();
        expect(changes[0]?.truncated).toBe(true);
        expect(changes[0]?.digests).toHaveLength(200);
        const starts = changes[0]!.digests.map(({ startSeconds }) => startSeconds);
        expect(starts).toEqual(starts.toSorted((a, b) => b - a));
      });
    });

    describe("what is kept", () => {
      it("is told in numbers", async () => {
        expect(await store.usage()).toMatchObject({ traces: 0, segments: 0 });
        const id = anId();
        const call = aWireSubsegment({ namespace: "remote", name: "far.example", end_time: t0 + 9 });
        await append(store, aDocument({ id, end_time: t0 + 3, subsegments: [call] }), aDocument({ parent_id: id }));
        const usage = await store.usage();
        expect(usage).toMatchObject({ traces: 1, segments: 2, oldestSeconds: t0, newestSeconds: t0 + 9 });
        expect(usage.bytes).toBeGreaterThan(0);
      });

      it("goes when it came too long ago, and only then", async () => {
        let nowMs = 1_800_000_000_000;
        const aging = open({ retentionSeconds: 3600, now: () => nowMs });
        await append(aging, aDocument());
        await aging.prune(nowMs / 1000 + 3599);
        expect((await aging.usage()).traces).toBe(1);
        nowMs += 2 * 86_400_000;
        await append(aging, aDocument({ trace_id: "1-6553f100-0000000000000000000000ff" }));
        await aging.prune(nowMs / 1000);
        expect(await allPages(aging, everyTrace)).toEqual(["1-6553f100-0000000000000000000000ff"]);
        expect(await aging.readTraces(["1-6553f100-000000000000000000000001"])).toEqual([]);
        await aging.close();
      });

      it("lets single traces go, with what they added to every figure", async ({ skip }) => {
        if (store.remove === undefined) skip("this store removes whole stretches of time only");
        const ids = (documents: readonly string[]): string[] => documents.map((text) => JSON.parse(text).trace_id);
        const all = [...manyTraces(40), ...manyTraces(40, t0 + 300).map((text) => inGroup(text, 1))];
        for (let at = 0; at < all.length; at += 16) await append(store, ...all.slice(at, at + 16));
        const gone = ids(all).filter((_, at) => at % 3 === 0);
        expect(await store.remove!([...gone, gone[0]!, "1-6553f100-00000000000000000000dead"])).toBe(gone.length);
        await append(reference, ...all.filter((text) => !gone.includes(ids([text])[0]!)));
        await expectSameAnswers(store, reference, [parseFilter("fault"), parseFilter("responsetime >= 0")]);
        expect(await store.readTraces(gone)).toEqual([]);
        expect(await store.remove!(gone)).toBe(0);
      });

      it("begins a trace anew that was removed, and lets the last one go", async ({ skip }) => {
        if (store.remove === undefined) skip("this store removes whole stretches of time only");
        const { trace_id: id } = JSON.parse(aDocument()) as { trace_id: string };
        await append(store, aDocument());
        await append(store, aDocument({ id: anId() }));
        expect(await store.remove!([id])).toBe(1);
        const { bytes: _, ...empty } = await store.usage();
        expect(empty).toEqual({ traces: 0, segments: 0 });
        expect((await store.serviceGraph(everything)).nodes).toEqual([]);
        const later = aDocument();
        await append(store, later);
        expect(await only(store)).toMatchObject({ revision: 1, documents: [later] });
      });

      it("tells those who follow that traces went", async ({ skip }) => {
        if (store.remove === undefined) skip("this store removes whole stretches of time only");
        const { trace_id: id } = JSON.parse(aDocument()) as { trace_id: string };
        await append(store, aDocument());
        const told: StoreChange[] = [];
        const stop = store.subscribe((change) => told.push(change));
        await store.remove!(["1-6553f100-00000000000000000000dead"]);
        await store.remove!([id]);
        await store.clear();
        stop();
        expect(told.map(({ hasRemoved, digests }) => [hasRemoved, digests])).toEqual([
          [true, []],
          [true, []],
        ]);
        expect(told[0]!.graph.nodes.map(({ name }) => name)).toContain("shop");
      });

      it("goes all at once when asked, and the store goes on", async () => {
        await append(store, ...manyTraces(20));
        await store.clear();
        expect(await allPages(store, everyTrace)).toEqual([]);
        expect((await store.serviceGraph(everything)).nodes).toEqual([]);
        expect(await store.usage()).toMatchObject({ traces: 0, segments: 0 });
        await append(store, aDocument());
        expect((await only(store)).revision).toBe(1);
      });
    });

    it("closes after what is under way, twice if need be, and answers nothing afterwards", async () => {
      const closing = open();
      const appending = append(closing, aDocument());
      await Promise.all([closing.close(), closing.close()]);
      expect(await appending).toEqual([undefined]);
      for (const ask of [
        () => append(closing, aDocument()),
        () => closing.findTraces(everyTrace),
        () => closing.usage(),
      ]) {
        await expect(ask()).rejects.toMatchObject({ code: "FLUORO_STORE_CLOSED" });
      }
    });
  });
}

export const everyTrace: TraceQuery = { ...everything, rangeType: "Event", limit: 1000 };

export async function append(store: TraceStore, ...documents: string[]) {
  const { outcomes } = await store.append(documents.map((text) => ({ bytes: Buffer.from(text) })));
  return outcomes;
}

/** How many digests each page has. */
async function pagesOf(store: TraceStore, query: TraceQuery): Promise<number[]> {
  const counts: number[] = [];
  let after: string | undefined;
  do {
    const page = await store.findTraces({ ...query, ...(after !== undefined && { after }) });
    counts.push(page.digests.length);
    after = page.next;
  } while (after !== undefined);
  return counts;
}

/** The ids of all pages in their order. */
export async function allPages(store: TraceStore, query: TraceQuery): Promise<string[]> {
  return (await allDigests(store, query)).map(({ id }) => id);
}

async function allDigests(store: TraceStore, query: TraceQuery): Promise<TraceDigest[]> {
  const digests: TraceDigest[] = [];
  let after: string | undefined;
  do {
    const page = await store.findTraces({ ...query, ...(after !== undefined && { after }) });
    digests.push(...page.digests);
    after = page.next;
  } while (after !== undefined);
  return digests;
}

/** Traces of one segment each, some at the same moment, one a second. */
export function manyTraces(count: number, from: number = t0): string[] {
  return Array.from({ length: count }, (_, at) => {
    const start = from + Math.floor(at / 3);
    const traceId = `1-${start.toString(16)}-${((at * 7919) % 100_003).toString(16).padStart(24, "0")}`;
    return aDocument({ trace_id: traceId, start_time: start, end_time: start + 1 + (at % 5) });
  });
}

async function only(store: TraceStore) {
  const [digest, ...others] = (await store.findTraces(everyTrace)).digests;
  expect(others).toEqual([]);
  const [trace] = await store.readTraces([digest!.id]);
  return trace!;
}

/** The generators' traces all have the same ids: other ones for each group, at other times. */
function inGroup(text: string, group: number): string {
  const wire = JSON.parse(text);
  const shift = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shift);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        (key === "start_time" || key === "end_time") && typeof member === "number"
          ? member + group * 431.7
          : shift(member),
      ]),
    );
  };
  return JSON.stringify({
    ...(shift(wire) as object),
    trace_id: wire.trace_id.replace(/..$/, group.toString(16).padStart(2, "a")),
  });
}

interface Range {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

const someRanges: readonly Range[] = [
  everything,
  arbitraryRange,
  { startSeconds: t0 + 13.5, endSeconds: t0 + 93.25 },
  { startSeconds: t0 + 61.5, endSeconds: t0 + 900 },
];

/** Without what depends on the order: who can look something up looks at fewer; which of very many values are told apart. */
function comparable({ looked: _, facets, ...overview }: Overview): object {
  const shut = facets.map(({ isOpen, values, distinct, ...facet }) =>
    isOpen ? facet : { ...facet, distinct, values },
  );
  return { ...overview, facets: shut };
}

/** Every kind of question, for several ranges, has the same answer in both stores. */
export async function expectSameAnswers(
  store: TraceStore,
  reference: TraceStore,
  filters: readonly Filter[] = [],
  ranges: readonly Range[] = someRanges,
): Promise<void> {
  const ids = await allPages(reference, everyTrace);
  expect(await store.readTraces(ids)).toEqual(await reference.readTraces(ids));
  const { segments, traces } = await reference.usage();
  expect(await store.usage()).toMatchObject({ segments, traces });
  for (const filter of [undefined, ...filters]) {
    for (const range of ranges) {
      const query = { ...range, ...(filter !== undefined && { filter }) };
      for (const rangeType of ["TraceId", "Event", "Service"] as const) {
        const found = await allDigests(store, { ...query, rangeType, limit: 1000 });
        expect(found).toEqual(await allDigests(reference, { ...query, rangeType, limit: 1000 }));
      }
      expect(await store.serviceGraph(query)).toEqual(await reference.serviceGraph(query));
      const glance = { ...query, columns: 10, values: 20, mostTraces: 100_000 };
      expect(comparable(await store.overview(glance))).toEqual(comparable(await reference.overview(glance)));
      for (const periodSeconds of [60, 300, 45]) {
        const series = { ...query, periodSeconds };
        expect(await store.timeSeries(series)).toEqual(await reference.timeSeries(series));
      }
      const selector = { kind: "service", node: { name: "orders" } } as const;
      const series = { ...query, periodSeconds: 60, selector };
      expect(await store.timeSeries(series)).toEqual(await reference.timeSeries(series));
    }
  }
}
