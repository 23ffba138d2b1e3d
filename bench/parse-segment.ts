/**
 * What a document costs from text to digest, on one thread: `npx tsx bench/parse-segment.ts`.
 * Each line is the median and the best of 25 rounds over the same seeded traces, in a process of its own: what one step
 * leaves on the heap would be paid by the next.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { assembleTrace } from "../src/trace/assemble-trace.ts";
import { digestTrace } from "../src/trace/digest-trace.ts";
import { parseSegment } from "../src/trace/parse-segment.ts";
import { scrubDocument } from "../src/trace/scrub.ts";
import type { Segment } from "../src/trace/segment.ts";
import { summarise } from "../src/trace/summarise.ts";
import { traceDocuments } from "../src/trace/trace-documents.ts";
import { workloadTraces } from "./workload.ts";

const options = { traces: 2000, startSeconds: 1_700_000_000, spanSeconds: 3600 };
const made = [...workloadTraces(options)].map(({ id, documents }) => ({
  id,
  texts: documents.map(({ text }) => text),
}));
const texts = made.flatMap((trace) => trace.texts);

/** A step prepares what it works on, then is measured on each item. */
const steps: Record<string, () => () => void> = {
  "JSON.parse alone": () => each(texts, (text) => JSON.parse(text)),
  "scrubDocument, nothing to scrub": () => each(texts, scrubDocument),
  "scrubDocument, a token in each URL": () => {
    const withTokens = texts.map((text) => text.replace(/("url":"[^"]*)"/, '$1?page=2&token=abc&sort=name"'));
    return each(withTokens, scrubDocument);
  },
  "parseSegment, JSON.parse included": () => each(texts, (text) => parseSegment(text)),
  assembleTrace: () => {
    const parsed = made.map(({ id, texts }) => ({ id, segments: parseAll(texts) }));
    return each(parsed, ({ id, segments }) => assembleTrace(id, segments));
  },
  digestTrace: () => each(assembleAll(), (trace) => digestTrace(trace, 1)),
  summarise: () => {
    const digests = assembleAll().map((trace) => digestTrace(trace, 1));
    return each(digests, summarise);
  },
  traceDocuments: () => each(assembleAll(), traceDocuments),
  "parse + assemble + digest": () => each(made, ({ id, texts }) => digestTrace(assembleTrace(id, parseAll(texts)), 1)),
};

const [step] = process.argv.slice(2);
if (step === undefined) {
  describeWorkload();
  const file = fileURLToPath(import.meta.url);
  for (const name of Object.keys(steps)) {
    execFileSync(process.execPath, [...process.execArgv, file, name], { stdio: "inherit" });
  }
} else {
  measure(step, steps[step]!());
}

function measure(name: string, round: () => void): void {
  const times = Array.from({ length: 30 }, () => {
    const start = process.hrtime.bigint();
    round();
    return Number(process.hrtime.bigint() - start) / 1000 / texts.length;
  })
    .slice(5)
    .sort((a, b) => a - b);
  const [median, best] = [times[12]!, times[0]!].map((time) => time.toFixed(2).padStart(6));
  console.log(`${name.padEnd(36)} ${median} µs a document, at best ${best}`);
}

function each<Item>(items: readonly Item[], work: (item: Item) => unknown): () => void {
  return () => {
    for (const item of items) work(item);
  };
}

function parseAll(some: readonly string[]): Segment[] {
  const segments: Segment[] = [];
  for (const text of some) {
    const parsed = parseSegment(text);
    if (parsed.kind === "segments") for (const segment of parsed.segments) segments.push(segment);
  }
  return segments;
}

function assembleAll(): ReturnType<typeof assembleTrace>[] {
  return made.map(({ id, texts }) => assembleTrace(id, parseAll(texts)));
}

function describeWorkload(): void {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length;
  const embedded = parseAll(texts).reduce((sum, segment) => sum + segment.subsegments.length, 0) / texts.length;
  const perTrace = texts.length / made.length;
  console.log(`${texts.length} documents of ${bytes.toFixed(0)} bytes with ${embedded.toFixed(2)} subsegments,`);
  console.log(`${perTrace.toFixed(2)} documents a trace\n`);
}
