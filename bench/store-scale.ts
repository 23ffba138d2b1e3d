// Does the embedded store keep its figures as it grows?
//   [STORE_SCALE_DIR=/some/dir] npx tsx bench/store-scale.ts [1|10|50]   (millions of segments; after npm run build)
// Five million segments arrive a day, over 30 services, as many days as it takes: 50 M are ten days, in some twenty files.
// With a directory the building goes on where it was stopped, progress.jsonl says how far it is (a line for each hour of
// traces), and the store stays; without one it goes at the end. Answers are asked in a process of their own.
// CPU is that of all threads but the main one, which only makes the documents and copies them.
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseFilter } from "../src/filter/parser.ts";
import { sizeOf } from "../src/store/embedded/part-files.ts";
import type { TraceStore } from "../src/store/trace-store.ts";
import { workloadDocuments, workloadTraces } from "./workload.ts";

const millions = Number(process.argv[2] ?? 1);
const step = process.argv[3];
const base = process.env.STORE_SCALE_DIR ?? mkdtempSync(join(tmpdir(), "store-scale-"));
const directory = join(base, "store");
const progress = join(base, "progress.jsonl");

const built = new URL("../dist/store/open-store.js", import.meta.url).href;
const { openStore } = (await import(built)) as typeof import("../src/store/open-store.ts");

const aDay = 86_400;
const segmentsPerHour = 5_000_000 / 24;
/** All begin with the same traces: a store of 1 M in a kept directory grows to one of 10 M. */
const startSeconds = Date.UTC(2026, 0, 10, 3) / 1000;
const hours = Math.ceil((millions * 1_000_000) / segmentsPerHour);
const endSeconds = startSeconds + hours * 3600;
const rounds = 9;

/** What one hour of traces has cost. */
interface Hour {
  readonly hour: number;
  readonly segments: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly megabytes: number;
  /** It had begun before: much of it was there already. */
  readonly again: boolean;
}

if (step === "build") await build();
else if (step === "ask") await ask();
else {
  mkdirSync(directory, { recursive: true });
  for (const next of ["build", "ask"]) {
    const env = { ...process.env, STORE_SCALE_DIR: base };
    const args = [...process.execArgv, process.argv[1]!, String(millions), next];
    const { status } = spawnSync(process.execPath, args, { env, stdio: "inherit" });
    if (status !== 0) process.exit(status ?? 1);
  }
  if (process.env.STORE_SCALE_DIR === undefined) rmSync(base, { recursive: true });
}

async function build(): Promise<void> {
  const done = hoursDone();
  let nowSeconds = startSeconds;
  const store = await openStore({ dataDir: directory, now: () => nowSeconds * 1000 });
  for (let hour = done.length; hour < hours; hour++) {
    const again = hour === done.length && (await store.usage()).segments > done.reduce(sumOfSegments, 0);
    const [started, before] = [performance.now(), storeCpuUs()];
    let segments = 0;
    let writing: Promise<unknown> = Promise.resolve();
    for (const batch of batches(hour)) {
      await writing;
      nowSeconds = startSeconds + (hour + Math.min(1, segments / segmentsPerHour)) * 3600;
      segments += batch.length;
      writing = store.append(batch);
    }
    await writing;
    const line: Hour = {
      ...{ hour, segments, again },
      cpuSeconds: (storeCpuUs() - before) / 1e6,
      wallSeconds: Math.round((performance.now() - started) / 100) / 10,
      megabytes: Math.round(process.memoryUsage.rss() / 2 ** 20),
    };
    appendFileSync(progress, `${JSON.stringify(line)}\n`);
  }
  await store.close();
}

function* batches(hour: number): Generator<{ bytes: Uint8Array }[]> {
  let batch: { bytes: Uint8Array }[] = [];
  for (const text of workloadDocuments(workloadOf(hour))) {
    batch.push({ bytes: Buffer.from(text) });
    if (batch.length < 2000) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function workloadOf(hour: number) {
  const traces = Math.ceil(segmentsPerHour / 4.5);
  return { seed: hour + 1, traces, startSeconds: startSeconds + hour * 3600, spanSeconds: 3600 };
}

function hoursDone(): Hour[] {
  if (!existsSync(progress)) return [];
  return readFileSync(progress, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Hour);
}

function sumOfSegments(sum: number, { segments }: Hour): number {
  return sum + segments;
}

/** The process's but for the main thread's. */
function storeCpuUs(): number {
  const { user, system } = process.cpuUsage();
  const [mainNs] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ");
  return user + system - Number(mainNs) / 1000;
}

async function ask(): Promise<void> {
  tellCost();
  const rss = () => Math.round(process.memoryUsage.rss() / 2 ** 20);
  const [opening, atStart] = [performance.now(), rss()];
  let nowSeconds = endSeconds;
  const store = await openStore({ dataDir: directory, now: () => nowSeconds * 1000, retentionSeconds: 100 * aDay });
  const { segments, traces, bytes } = await store.usage();
  const openMs = Math.round(performance.now() - opening);
  const files = readdirSync(directory).filter((name) => name.endsWith(".db")).length;
  const perSegment = Math.round(bytes / segments);
  console.log(`${segments} segments, ${traces} traces in ${files} files, ${perSegment} bytes of disk a segment`);
  console.log(`open and ready to answer: ${openMs} ms; memory before and after: ${atStart}, ${rss()} MB`);

  console.table(await timedAll(questions(store)));
  const fresh = workloadDocuments({ ...workloadOf(hours), seed: 4711 });
  console.table(
    await timedAll({
      "500 new documents": () => store.append(newDocuments(fresh, 500)),
      "late document of an old trace": (at) => store.append([lateDocument(at)]),
    }),
  );
  console.log(`memory after all that: ${rss()} MB`);
  await store.close();
  nowSeconds += aDay;
  await retention();
}

function tellCost(): void {
  const whole = hoursDone().filter(({ again }) => !again);
  const perSegment = (some: readonly Hour[]): string => {
    const sum = (of: (hour: Hour) => number) => some.reduce((total, hour) => total + of(hour), 0);
    return (sum(({ cpuSeconds }) => cpuSeconds * 1e6) / sum(({ segments }) => segments)).toFixed(1);
  };
  const million = Math.ceil(1_000_000 / segmentsPerHour);
  const first = perSegment(whole.slice(0, million));
  const last = perSegment(whole.slice(-million));
  const memory = Math.max(...whole.map(({ megabytes }) => megabytes));
  console.log(`CPU a segment: first million ${first} us, last ${last} us, all ${perSegment(whole)} us`);
  console.log(`memory while it was built, at most: ${memory} MB`);
}

type Questions = Record<string, (round: number) => Promise<unknown>>;

function questions(store: TraceStore): Questions {
  const ids = Array.from({ length: 20 }, (_, at) => idOf(Math.floor((at * hours) / 20)));
  const recent = (seconds: number) => ({ startSeconds: endSeconds - seconds, endSeconds });
  const whole = { startSeconds, endSeconds };
  const list = (range: typeof whole, filter?: string) =>
    store.findTraces({
      ...{ ...range, rangeType: "TraceId", limit: 100 },
      ...(filter !== undefined && { filter: parseFilter(filter) }),
    });
  return {
    "trace by id, from all times": (at) => store.readTraces([ids[at % ids.length]!]),
    "5 traces by id": (at) => store.readTraces([0, 4, 8, 12, 16].map((step) => ids[(at + step) % ids.length]!)),
    "an id that is not there": () => store.readTraces([`1-${Math.floor(endSeconds).toString(16)}-${"0f".repeat(12)}`]),
    "list, newest 100, 1 h": () => list(recent(3600)),
    "list, newest 100, all times": () => list(whole),
    "list, annotation equal, all times": () => list(whole, 'annotation.tenant = "acme"'),
    "list, user equal, all times": () => list(whole, 'user = "user-77"'),
    "map, 1 h": () => store.serviceGraph(recent(3600)),
    "map, the oldest hour": () => store.serviceGraph({ startSeconds, endSeconds: startSeconds + 3600 }),
    "map, 6 h": () => store.serviceGraph(recent(6 * 3600)),
    "map, all times": () => store.serviceGraph(whole),
  };
}

function idOf(hour: number): string {
  return workloadTraces(workloadOf(hour)).next().value!.id;
}

function lateDocument(at: number): { bytes: Uint8Array } {
  const hour = Math.floor(((at % 20) * hours) / 20);
  const id = at.toString(16).padStart(16, "0");
  const start = startSeconds + hour * 3600;
  const text = { name: "audit", id, trace_id: idOf(hour), start_time: start, end_time: start + 1 };
  return { bytes: Buffer.from(JSON.stringify(text)) };
}

function newDocuments(fresh: Iterator<string>, count: number): { bytes: Uint8Array }[] {
  return Array.from({ length: count }, () => ({ bytes: Buffer.from(fresh.next().value as string) }));
}

async function timedAll(questions: Questions): Promise<Record<string, object>> {
  const rows: Record<string, object> = {};
  for (const [name, question] of Object.entries(questions)) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      await question(round);
      times.push(performance.now() - started);
    }
    const first = times[0]!;
    times.sort((a, b) => a - b);
    const round = (ms: number) => Number(ms.toFixed(1));
    rows[name] = { "first ms": round(first), "median ms": round(times[rounds >> 1]!), "max ms": round(times.at(-1)!) };
  }
  return rows;
}

/** Drops the oldest of several days. A store that stays gets it back. */
async function retention(): Promise<void> {
  const parts = readdirSync(directory).filter((name) => name.endsWith(".db"));
  const days = [...new Set(parts.map((name) => name.slice(0, "traces-2026-01-20".length)))];
  const oldest = parts.filter((name) => name.startsWith(days[0]!));
  if (days.length === 1) return;
  const aside = join(base, "aside");
  for (const name of oldest) cpSync(join(directory, name), join(aside, name));
  const before = bytesOf(parts);
  const midnight = Date.parse(`${days[1]!.slice("traces-".length)}T00:00:00Z`) / 1000;
  const store = await openStore({ dataDir: directory, retentionSeconds: aDay });
  await store.readTraces([idOf(0)]);
  const started = performance.now();
  await store.prune(midnight + aDay);
  const pruneMs = performance.now() - started;
  await store.close();
  const freed = (before - bytesOf(parts)) / 2 ** 20;
  console.log(`retention of a day: ${pruneMs.toFixed(1)} ms, ${oldest.length} files and ${Math.round(freed)} MB gone`);
  for (const name of oldest) cpSync(join(aside, name), join(directory, name));
  rmSync(aside, { recursive: true });
}

function bytesOf(parts: readonly string[]): number {
  return parts.reduce((sum, name) => sum + sizeOf(join(directory, name)), 0);
}
