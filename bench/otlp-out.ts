/**
 * What a document costs on its way out to an OpenTelemetry collector: `npx tsx bench/otlp-out.ts`.
 * Documents go in fifties, as the daemon sends them. Each line is CPU time with garbage collection, the median and the best
 * of 25 rounds in a process of its own; each does what those above it do, so that the difference is the step's.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { translatePack } from "../src/forward/translate-pack.ts";
import { segmentsToSpans } from "../src/otel/segment-to-spans.ts";
import { parseSegment } from "../src/trace/parse-segment.ts";
import { scrubDocument } from "../src/trace/scrub.ts";
import type { Segment } from "../src/trace/segment.ts";
import { workloadDocuments } from "./workload.ts";

const options = { traces: 2000, startSeconds: 1_700_000_000, spanSeconds: 3600 };
const documents = [...workloadDocuments(options)].map((text) => Buffer.from(text));
const packs = Array.from({ length: Math.ceil(documents.length / 50) }, (_, at) =>
  documents.slice(at * 50, at * 50 + 50),
);
const decoder = new TextDecoder();

const read = (pack: readonly Uint8Array[]): Segment[] =>
  pack.flatMap((bytes) => {
    const parsed = parseSegment(scrubDocument(decoder.decode(bytes)));
    return parsed.kind === "segments" ? parsed.segments : [];
  });
const write = (pack: readonly Uint8Array[]): Uint8Array => translatePack(pack).request!;

const steps: Readonly<Record<string, (pack: readonly Uint8Array[]) => unknown>> = {
  "decoded, scrubbed and parsed": read,
  "… and translated to spans": (pack) => segmentsToSpans(read(pack)),
  "… and written as JSON": write,
  "… and gzipped (on a thread of its own)": (pack) => gzipSync(write(pack), { level: 1 }),
};

const [step] = process.argv.slice(2);
if (step === undefined) {
  describeWorkload();
  const file = fileURLToPath(import.meta.url);
  for (const name of Object.keys(steps)) {
    execFileSync(process.execPath, [...process.execArgv, file, name], { stdio: "inherit" });
  }
} else {
  measure(step, steps[step]!);
}

function measure(name: string, work: (pack: readonly Uint8Array[]) => unknown): void {
  const times = Array.from({ length: 30 }, () => {
    const start = process.cpuUsage();
    for (const pack of packs) work(pack);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / documents.length;
  })
    .slice(5)
    .sort((a, b) => a - b);
  const [median, best] = [times[12]!, times[0]!].map((time) => time.toFixed(2).padStart(6));
  console.log(`${name.padEnd(40)} ${median} µs of CPU a document, at best ${best}`);
}

function describeWorkload(): void {
  const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);
  const each = (bytes: number): string => (bytes / documents.length).toFixed(0);
  const spans = sum(packs.map((pack) => sum(segmentsToSpans(read(pack)).map((group) => group.spans.length))));
  const bodies = packs.map(write);
  console.log(`${documents.length} documents of ${each(sum(documents.map(({ length }) => length)))} bytes;`);
  console.log(
    `${(spans / documents.length).toFixed(2)} spans, ${each(sum(bodies.map(({ length }) => length)))} bytes of JSON,`,
    `${each(sum(bodies.map((body) => gzipSync(body, { level: 1 }).length)))} gzipped, for each\n`,
  );
}
