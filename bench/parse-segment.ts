/**
 * What a document costs from text to digest, on one thread: `npx tsx bench/parse-segment.ts [traces]`.
 * Each line is the median of nine rounds over the same seeded traces.
 */
import { assembleTrace } from "../src/trace/assemble-trace.ts";
import type { TraceDigest } from "../src/trace/digest.ts";
import { digestTrace } from "../src/trace/digest-trace.ts";
import { parseSegment } from "../src/trace/parse-segment.ts";
import { scrubDocument } from "../src/trace/scrub.ts";
import type { Segment } from "../src/trace/segment.ts";
import { summarise } from "../src/trace/summarise.ts";
import type { Trace } from "../src/trace/trace.ts";
import { traceDocuments } from "../src/trace/trace-documents.ts";
import { workloadTraces } from "./workload.ts";

const options = { traces: Number(process.argv[2] ?? 2000), startSeconds: 1_700_000_000, spanSeconds: 3600 };
const made = [...workloadTraces(options)].map(({ id, documents }) => ({
  id,
  texts: documents.map(({ text }) => text),
}));
const texts = made.flatMap((trace) => trace.texts);

const parseAll = (some: readonly string[]): Segment[] =>
  some.flatMap((text) => {
    const parsed = parseSegment(text);
    return parsed.kind === "segments" ? parsed.segments : [];
  });
const parsed = made.map((trace) => ({ id: trace.id, segments: parseAll(trace.texts) }));
const traces: Trace[] = parsed.map(({ id, segments }) => assembleTrace(id, segments));
const digests: TraceDigest[] = traces.map((trace) => digestTrace(trace, 1));

const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
const subsegments = (all: readonly Segment[]): number =>
  all.reduce((sum, each) => sum + 1 + subsegments(each.subsegments), 0);
const embedded = parsed.reduce((sum, { segments }) => sum + subsegments(segments) - segments.length, 0);
console.log(`${texts.length} documents, ${made.length} traces: ${(bytes / texts.length).toFixed(0)} bytes and`);
console.log(
  `${(embedded / texts.length).toFixed(2)} subsegments a document, ${(texts.length / made.length).toFixed(2)} documents a trace\n`,
);

const withQueries = texts.map((text) => text.replace(/("url":"[^"]*)"/, '$1?page=2&token=abc&sort=name"'));

measure("JSON.parse alone", texts, (text) => JSON.parse(text));
measure("scrubDocument, nothing to scrub", texts, scrubDocument);
measure("scrubDocument, a token in the URL", withQueries, scrubDocument);
measure("parseSegment (JSON.parse included)", texts, (text) => parseSegment(text));
measure("assembleTrace", parsed, ({ id, segments }) => assembleTrace(id, segments));
measure("digestTrace", traces, (trace) => digestTrace(trace, 1));
measure("summarise", digests, summarise);
measure("traceDocuments", traces, traceDocuments);
measure("parse + assemble + digest", made, ({ id, texts }) => digestTrace(assembleTrace(id, parseAll(texts)), 1));

function measure<Item>(name: string, items: readonly Item[], work: (item: Item) => unknown): void {
  const times: number[] = [];
  for (let i = 0; i < 12; i++) {
    const start = process.hrtime.bigint();
    for (const item of items) work(item);
    if (i >= 3) times.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  const median = times.sort((a, b) => a - b)[4]!;
  console.log(`${name.padEnd(36)} ${(median / texts.length).toFixed(2).padStart(7)} µs a document`);
}
