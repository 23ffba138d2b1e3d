/**
 * How long the receiving loop stands still while the API does its largest work: `npm run build && npx tsx bench/loop-stall.ts`.
 * The limit is 50 ms on a quiet machine; a busy one adds whatever it takes the processor away for, see the first line.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { workloadTraces } from "./workload.ts";

const startSeconds = Math.floor(Date.now() / 1000) - 3_600;
const folder = mkdtempSync(join(tmpdir(), "fluoroscope-bench-"));
const dist = (file: string): string => JSON.stringify(new URL(`../dist/${file}`, import.meta.url).href);
const program = `
  import { monitorEventLoopDelay } from "node:perf_hooks";
  import { readConfig } from ${dist("config.js")};
  import { up } from ${dist("up.js")};
  const running = await up(readConfig({ flags: { port: "0", ephemeral: "true" }, environment: {} }).config);
  console.log(running.addresses.http);
  const delay = monitorEventLoopDelay({ resolution: 2 });
  delay.enable();
  process.on("message", () => {
    process.send(delay.max / 1e6 - 2);
    delay.reset();
  });
  process.once("SIGTERM", () => running.close());`;
writeFileSync(join(folder, "up.mjs"), program);
const server = spawn(process.execPath, [join(folder, "up.mjs")], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
const [http] = await once(createInterface({ input: server.stdout! }), "line");

const made = [...workloadTraces({ traces: 2_400, startSeconds, spanSeconds: 3_000 })];
const documents = made.flatMap((trace) => trace.documents.map(({ text }) => text));
const range = { StartTime: startSeconds - 600, EndTime: startSeconds + 4_200 };
const large = largeTrace(20_000);

await measure("nothing", () => new Promise((resolve) => setTimeout(resolve, 1_000)));
for (const round of [1, 2, 3]) {
  const body = documents.slice(0, 10_000);
  await measure(`PutTraceSegments, ${megabytes(body)} MB, ${round}`, () =>
    post("/TraceSegments", { TraceSegmentDocuments: body }),
  );
}
for (let at = 0; at < large.length; at += 5_000) {
  const TraceSegmentDocuments = large.slice(at, at + 5_000);
  await measure(`5,000 subsegments of one trace`, () => post("/TraceSegments", { TraceSegmentDocuments }));
}
await measure("GetTraceSummaries", () => post("/TraceSummaries", range));
await measure("GetTraceSummaries, filtered", () => post("/TraceSummaries", { ...range, FilterExpression: "fault" }));
await measure("GetServiceGraph", () => post("/ServiceGraph", range));
await measure("GetServiceGraph, filtered", () => post("/ServiceGraph", { ...range, FilterExpression: "service()" }));
await measure("GetTimeSeriesServiceStatistics", () => post("/TimeSeriesServiceStatistics", range));
await measure("BatchGetTraces, 100 traces", () =>
  post("/Traces", { TraceIds: made.slice(0, 100).map(({ id }) => id) }),
);
await measure("BatchGetTraces, 20,000 subsegments", () => post("/Traces", { TraceIds: [largeId()] }));
await measure("GetTraceGraph, 20,000 subsegments", () => post("/TraceGraph", { TraceIds: [largeId()] }));

server.kill("SIGTERM");
await once(server, "exit");
rmSync(folder, { recursive: true });

async function measure(name: string, work: () => Promise<unknown>): Promise<void> {
  await stallMs();
  const startMs = performance.now();
  await work();
  const tookMs = performance.now() - startMs;
  const stall = await stallMs();
  console.log(
    `${name.padEnd(40)} took ${tookMs.toFixed(0).padStart(6)} ms, longest stall ${stall.toFixed(1).padStart(6)} ms`,
  );
}

/** The longest stall since the last question. */
async function stallMs(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  server.send("stall?");
  const [ms] = await once(server, "message");
  return ms as number;
}

async function post(path: string, body: object): Promise<void> {
  const answer = await fetch(http + path, { method: "POST", body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 200)}`);
}

function largeId(): string {
  return `1-${startSeconds.toString(16)}-${"a".repeat(24)}`;
}

/** A segment with this many subsegments, each sent alone. */
function largeTrace(subsegments: number): string[] {
  const common = { trace_id: largeId(), start_time: startSeconds, end_time: startSeconds + 1 };
  const root = { ...common, id: "f".repeat(16), name: "large" };
  const steps = Array.from({ length: subsegments }, (_, n) => ({
    ...common,
    id: n.toString(16).padStart(16, "0"),
    parent_id: root.id,
    type: "subsegment",
    name: `step ${n % 50}`,
    annotations: { step: n },
  }));
  return [...steps, root].map((document) => JSON.stringify(document));
}

function megabytes(texts: readonly string[]): number {
  return Math.round(texts.reduce((sum, text) => sum + text.length, 0) / 1e6);
}
