// How fast does the embedded store keep documents, and what does that cost?
//   npm run build && npx tsx bench/store-ingest.ts [segments] [documents per batch]
// From raw bytes to durable on disk: parsing, assembling, digesting, indexing and writing, in all threads together.
// Documents arrive as they would at 15,000 a second: traces interleaved, so most traces are touched by several batches.
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RawDocument } from "../src/store/trace-store.ts";
import { workloadDocuments } from "./workload.ts";

const segments = Number(process.argv[2] ?? 200_000);
const perBatch = Number(process.argv[3] ?? 2000);
const rounds = 5;

const directory = mkdtempSync(join(tmpdir(), "store-ingest-"));
const built = new URL("../dist/store/open-store.js", import.meta.url).href;
const { openStore } = (await import(built)) as typeof import("../src/store/open-store.ts");
const store = await openStore({ dataDir: directory });
const traces = Math.ceil((segments * (rounds + 0.2)) / 4.5);
const documents = workloadDocuments({ traces, startSeconds: Date.now() / 1000, spanSeconds: (traces * 4.5) / 15_000 });

const rows: { "segments/s": number; "CPU us/segment": number; "batch p50 ms": number; "batch p99 ms": number }[] = [];
let sent = await appendRound(Math.min(20_000, segments / 5), () => {});
for (let round = 0; round < rounds; round++) {
  const times: number[] = [];
  const cpu = process.cpuUsage();
  let [workingMs, generatingUs] = [0, 0];
  const count = await appendRound(segments, (ms, us) => {
    times.push(ms);
    workingMs += ms;
    generatingUs += us;
  });
  const used = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  rows.push({
    "segments/s": Math.round(count / (workingMs / 1000)),
    "CPU us/segment": Number(((used.user + used.system - generatingUs) / count).toFixed(1)),
    "batch p50 ms": Math.round(times[Math.floor(times.length / 2)]!),
    "batch p99 ms": Math.round(times[Math.floor(times.length * 0.99)]!),
  });
  sent += count;
}
await store.close();
const bytes = readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
rmSync(directory, { recursive: true });

console.log(`${sent} segments, ${perBatch} in a batch, Node ${process.versions.node}`);
console.table(rows);
console.log(`disk: ${Math.round(bytes / sent)} bytes a segment`);

/** Generating documents is not the store's work: its CPU is measured apart and taken off. */
async function appendRound(limit: number, note: (ms: number, generatingUs: number) => void): Promise<number> {
  let count = 0;
  while (count < limit) {
    const before = process.cpuUsage();
    const batch: RawDocument[] = [];
    while (batch.length < perBatch) {
      const { value: text, done } = documents.next();
      if (done === true) break;
      batch.push({ bytes: Buffer.from(text) });
    }
    if (batch.length === 0) return count;
    const generated = process.cpuUsage(before);
    const started = performance.now();
    await store.append(batch);
    note(performance.now() - started, generated.user + generated.system);
    count += batch.length;
  }
  return count;
}
