import fc from "fast-check";
import { expect, it } from "vitest";
import { arbitraryDocuments } from "../../../test/fixtures/arbitrary-traces.ts";
import { aDocument, anId } from "../../../test/fixtures/builders.ts";
import { MemoryStore } from "../memory/memory-store.ts";
import { segmentsOf } from "../segments-of.ts";
import { keepLog, type LoggedDocument, replayLog } from "./replay-log.ts";

/** The log of texts that came one by one, some of them together with the one before. */
function logOf(traceId: string, texts: readonly string[], isTogether: (at: number) => boolean): LoggedDocument[] {
  let append = 0n;
  return texts.map((text, at) => {
    if (!isTogether(at)) append += 1n;
    return { text, segments: segmentsOf(text, traceId), arrived: append, append: 100n - append, position: at };
  });
}

it("a log tells the same trace as the memory store has, in whatever order its rows come, also twice", async () => {
  const arrivals = arbitraryDocuments.chain((documents) =>
    fc.record({
      texts: fc.shuffledSubarray(
        [...documents, ...documents].map(({ text }) => text),
        { minLength: documents.length },
      ),
      together: fc.array(fc.boolean(), { minLength: 2 * documents.length, maxLength: 2 * documents.length }),
      order: fc.array(fc.double({ noNaN: true }), { minLength: 2 * documents.length, maxLength: 2 * documents.length }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(arrivals, async ({ texts, together, order }) => {
      const [traceId] = texts.map((text) => JSON.parse(text).trace_id as string);
      const own = texts.filter((text) => JSON.parse(text).trace_id === traceId);
      const log = logOf(traceId!, own, (at) => at > 0 && together[at]!);
      const store = new MemoryStore();
      for (const append of new Set(log.map((document) => document.append))) {
        const batch = log.filter((document) => document.append === append);
        await store.append(batch.map(({ text }) => ({ bytes: Buffer.from(text) })));
      }
      const rows = [...log, ...log.slice(0, 3)].sort((a, b) => order[a.position]! - order[b.position]!);
      const replayed = replayLog(traceId!, rows);
      const [stored] = await store.readTraces([traceId!]);
      expect(replayed?.documents.map(({ text }) => text)).toEqual(stored!.documents);
      const range = { startSeconds: 0, endSeconds: 2 ** 32, rangeType: "Event", limit: 10 } as const;
      expect(replayed?.digest).toEqual((await store.findTraces(range)).digests[0]);
    }),
    { numRuns: 60 },
  );
});

it("of documents with weights the least counts, and one that says nothing changes nothing", () => {
  const traceId = "1-6553f100-000000000000000000000001";
  const texts = [aDocument({ id: anId() }), aDocument({ id: anId() }), aDocument({ id: anId() })];
  const log = logOf(traceId, texts, () => false);
  const weighed = log.map((document, at) => ({ ...document, ...[{ weight: 10 }, {}, { weight: 4 }][at] }));
  expect(keepLog(weighed.slice(0, 2)).weight).toBe(10);
  expect(keepLog(weighed).weight).toBe(4);
  expect(replayLog(traceId, [])).toBeUndefined();
});
