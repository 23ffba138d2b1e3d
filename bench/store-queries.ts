// What do questions to the embedded store cost with a million segments in it, at rest and while 5,000 arrive a second?
//   [STORE_BENCH_DIR=/some/dir] npx tsx bench/store-queries.ts [segments]   (after npm run build)
// STORE_BENCH_PART=questions, filters or writing asks only some of them.
// The store is built once into the directory (else into a temporary one): six hours of traces over 30 services.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseFilter, parseSelector } from "../src/filter/parser.ts";
import type { TraceStore } from "../src/store/trace-store.ts";
import { workloadDocuments, workloadTraces } from "./workload.ts";

const built = new URL("../dist/store/open-store.js", import.meta.url).href;
const { openStore } = (await import(built)) as typeof import("../src/store/open-store.ts");

const segments = Number(process.argv[2] ?? 1_000_000);
const kept = process.env.STORE_BENCH_DIR;
const directory = kept ?? mkdtempSync(join(tmpdir(), "store-queries-"));
const hours = 6;
const spanSeconds = hours * 3600;
/** Whole hours in the past, so that the same store serves again. */
const startSeconds = 1_760_000_400;
const endSeconds = startSeconds + spanSeconds;
const workload = { traces: Math.ceil(segments / 4.5), startSeconds, spanSeconds };
const rounds = 31;

if (!existsSync(directory) || readdirSync(directory).length === 0) await build();
const bytes = readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);

const opening = performance.now();
const store = await open();
const usage = await store.usage();
const openMs = performance.now() - opening;
console.log(
  `${usage.segments} segments, ${usage.traces} traces, ${Math.round(bytes / usage.segments)} bytes of disk a segment`,
);
console.log(`open and ready to answer: ${Math.round(openMs)} ms`);

const ids = someIds(40);
const order = JSON.parse(workloadTraces(workload).next().value!.documents[0]!.text).annotations.order;
const questions: Record<string, () => Promise<unknown>> = {
  "trace by id": () => store.readTraces([next(ids)]),
  "5 traces by id": () => store.readTraces([next(ids), next(ids), next(ids), next(ids), next(ids)]),
  "list, newest 100, 1 h": () => list(3600, undefined),
  "list, newest 100, 6 h": () => list(spanSeconds, undefined),
  "list, annotation equal, common (1 in 8)": () => list(spanSeconds, 'annotation.tenant = "acme"'),
  "list, annotation equal, rare (1 trace, the oldest)": () => list(spanSeconds, `annotation.order = ${order}`),
  "list, user equal (some 100 traces)": () => list(spanSeconds, 'user = "user-77"'),
  "list, fault of the entry (1 in 100)": () => list(spanSeconds, "fault"),
  "list, http.url CONTAINS, nothing found": () => list(spanSeconds, 'http.url CONTAINS "nowhere"'),
  "map, 5 min": () => store.serviceGraph({ startSeconds: endSeconds - 300, endSeconds }),
  "map, 1 h": () => store.serviceGraph({ startSeconds: endSeconds - 3600, endSeconds }),
  "map, 6 h": () => store.serviceGraph({ startSeconds, endSeconds }),
  "map filtered on everything, 6 h": () => map("responsetime >= 0"),
  'map, service("stock") { fault }, 6 h': () => map('service("stock") { fault }'),
  "series per minute, 6 h": () => series(),
  "series of one edge per minute, 6 h": () => series('edge("web", "orders")'),
  "series of one service per minute, 6 h": () => series('service("orders")'),
  "list, metadata, one of 50 values": () => list(spanSeconds, "metadata.default.queue = 7"),
  "list, metadata of a user's traces": () => list(spanSeconds, 'user = "user-77" AND metadata.default.queue > 40'),
  "list, metadata, nothing found: first page": () => list(spanSeconds, "metadata.default.queue > 1000"),
  "map, metadata of a user's traces, 6 h": () => map('user = "user-77" AND metadata.default.queue > 40'),
};

const part = process.env.STORE_BENCH_PART;
const rows: Record<string, object> = {};
let firstPartialMs = 0;
for (const [name, ask] of part === undefined || part === "questions" ? Object.entries(questions) : []) {
  const times = await timed(rounds, ask);
  rows[name] = {
    "median ms": round(times[Math.floor(times.length / 2)]!),
    "max ms": round(times.at(-1)!),
    ...(name.startsWith("map filtered") && { "first partial ms": round(firstPartialMs) }),
  };
}
console.log("at rest:");
console.table(rows);
console.log(`memory, three threads after all that: ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB`);

if (part === undefined || part === "filters") await filters();

if (part === undefined || part === "writing") {
  console.log("while 5,000 segments a second are written, 20 s:");
  console.table(await whileWriting());
}
await store.close();
if (kept === undefined) rmSync(directory, { recursive: true });

function open(): Promise<TraceStore> {
  return openStore({ dataDir: directory });
}

async function build(): Promise<void> {
  const building = await open();
  const started = performance.now();
  let batch: { bytes: Uint8Array }[] = [];
  for (const text of workloadDocuments(workload)) {
    batch.push({ bytes: Buffer.from(text) });
    if (batch.length < 2000) continue;
    await building.append(batch);
    batch = [];
  }
  await building.append(batch);
  await building.close();
  console.log(`built in ${Math.round((performance.now() - started) / 1000)} s`);
}

function list(seconds: number, filter: string | undefined): Promise<unknown> {
  return store.findTraces({
    startSeconds: endSeconds - seconds,
    endSeconds,
    rangeType: "TraceId",
    limit: 100,
    ...(filter !== undefined && { filter: parseFilter(filter) }),
  });
}

function series(selector?: string): Promise<unknown> {
  return store.timeSeries({
    startSeconds,
    endSeconds,
    periodSeconds: 60,
    ...(selector !== undefined && { selector: parseSelector(selector) }),
  });
}

async function map(filter: string): Promise<void> {
  const started = performance.now();
  firstPartialMs = 0;
  await store.serviceGraph({ startSeconds, endSeconds, filter: parseFilter(filter) }, () => {
    if (firstPartialMs === 0) firstPartialMs = performance.now() - started;
  });
}

/** The expressions of the API study: as they stand, when most find nothing here, and said of what is stored. */
async function filters(): Promise<void> {
  const path = new URL("../test/fixtures/api-fixtures.json", import.meta.url);
  const { filter_cases: cases, groups } = JSON.parse(readFileSync(path, "utf8")) as Fixtures;
  const asked = new Set(cases.flatMap(({ expr }) => [expr, said(expr)]));
  const rows: Row[] = [];
  for (const expression of asked) {
    const known = new Map(Object.entries(groups).map(([name, text]) => [name, said(text)]));
    const filter = parseFilter(expression, { groups: known });
    const ask = () => store.findTraces({ startSeconds, endSeconds, rangeType: "TraceId", limit: 100, filter });
    const times = await timed(5, ask);
    const { digests, next: more } = await ask();
    rows.push({ expression, "median ms": round(times[2]!), found: digests.length, more: more !== undefined });
  }
  const all = rows.map((row) => row["median ms"]).sort((a, b) => a - b);
  const at = (share: number) => all[Math.floor(all.length * share)]!;
  console.log(
    `${all.length} expressions, newest page of 6 h: median ${at(0.5)} ms, p95 ${at(0.95)} ms, at worst ${all.at(-1)} ms`,
  );
  console.table(rows.sort((a, b) => b["median ms"] - a["median ms"]).slice(0, 15));
}

interface Fixtures {
  readonly filter_cases: readonly { readonly expr: string }[];
  readonly groups: Readonly<Record<string, string>>;
}

interface Row {
  readonly expression: string;
  readonly "median ms": number;
  readonly found: number;
  readonly more: boolean;
}

/** In the words of what is stored. */
function said(expression: string): string {
  const words: Record<string, string> = {
    ...{
      "api.example.com": "gateway",
      "backend.example.com": "mobile-api",
      "uinames.com": "stock",
      "random-name": "web",
    },
    ...{
      gameid: "tenant",
      "817DL6VO": "acme",
      '"817"': '"ac"',
      ".age": ".order",
      premium: "cached",
      "> 29": "> 99990000",
    },
    ...{ '"alice"': '"user-77"', "/items": "/web/77", curl: "okhttp", "10.0.0.1": "10.0.1.7", scores: "sessions" },
    ...{ "arn:aws:lambda:": "arn:aws:", "111122223333": "123456789012", "AWS::EC2::Instance": "AWS::ECS::Container" },
    ...{ "Access Denied for account_id: 1234567890": "the answer took too long", Invocation: "web", "> 5": "> 0.4" },
    ...{ ">= 5": ">= 0.4", "<= 8": "<= 0.41", "0.9": "0.2", "> 3": "> 0.4", "> 2": "> 0.3" },
  };
  return Object.entries(words).reduce((text, [word, other]) => text.replaceAll(word, other), expression);
}

async function whileWriting(): Promise<Record<string, object>> {
  const nowSeconds = Date.now() / 1000;
  const documents = workloadDocuments({ seed: 7, traces: 40_000, startSeconds: nowSeconds, spanSeconds: 36 });
  // The first document costs a second: those of ten seconds are made before it is known which of them ends first.
  documents.next();
  const untilMs = performance.now() + 20_000;
  const writing = write(untilMs, documents);
  const recent: string[] = [...ids];
  const asked: Record<string, () => Promise<unknown>> = {
    "trace by id": () => store.readTraces([next(recent)]),
    "list, newest 100, 1 h": () =>
      store.findTraces({
        startSeconds: nowSeconds - 3600,
        endSeconds: nowSeconds + 60,
        rangeType: "TraceId",
        limit: 100,
      }),
    "map, 1 h": () => store.serviceGraph({ startSeconds: nowSeconds - 3600, endSeconds: nowSeconds + 60 }),
  };
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(asked).map((name) => [name, []]));
  while (performance.now() < untilMs) {
    for (const [name, ask] of Object.entries(asked)) times[name]!.push(...(await timed(1, ask)));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const written = await writing;
  const table = Object.entries(times).map(([name, its]) => {
    its.sort((a, b) => a - b);
    const at = (share: number) => round(its[Math.floor(its.length * share)]!);
    return [name, { "p50 ms": at(0.5), "p95 ms": at(0.95), "max ms": at(0.999), asked: its.length, written }];
  });
  return Object.fromEntries(table);
}

/** Ten batches a second of 500 documents each, as they would come. Answers how many were written. */
async function write(untilMs: number, documents: Iterator<string>): Promise<number> {
  let written = 0;
  for (let due = performance.now(); due < untilMs; due += 100) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const batch: { bytes: Uint8Array }[] = [];
    while (batch.length < 500) batch.push({ bytes: Buffer.from(documents.next().value as string) });
    await store.append(batch);
    written += batch.length;
  }
  return written;
}

async function timed(times: number, ask: () => Promise<unknown>): Promise<number[]> {
  const measured: number[] = [];
  for (let at = 0; at < times; at++) {
    const started = performance.now();
    await ask();
    measured.push(performance.now() - started);
  }
  return measured.sort((a, b) => a - b);
}

function someIds(count: number): string[] {
  const found: string[] = [];
  let at = 0;
  for (const { id } of workloadTraces(workload)) {
    if (at++ % 100 === 0) found.push(id);
    if (found.length === count) break;
  }
  return found;
}

function next(list: string[]): string {
  const first = list.shift()!;
  list.push(first);
  return first;
}

function round(ms: number): number {
  return Number(ms.toFixed(1));
}
