/**
 * What the service graph costs, on one thread: `npx tsx bench/fold-graph.ts [traces]`. Six hours of seeded traces.
 * Each line is the CPU of the process, median of nine rounds. Digests that a store has just read are in the processor's
 * cache; those that lie about in memory cost three times as much to fold, nearly all of it waiting for memory.
 */
import { GraphBuilder } from "../src/graph/build-graph.ts";
import { Cells, contribute } from "../src/graph/cells.ts";
import { emitGraph } from "../src/graph/emit-graph.ts";
import { decodeMinute, encodeMinute, mergeMinute } from "../src/graph/encode-minute.ts";
import { LiveGraph } from "../src/graph/live-graph.ts";
import { Minutes } from "../src/graph/minutes.ts";
import { assembleTrace } from "../src/trace/assemble-trace.ts";
import type { TraceDigest } from "../src/trace/digest.ts";
import { digestTrace } from "../src/trace/digest-trace.ts";
import { parseSegment } from "../src/trace/parse-segment.ts";
import { workloadTraces } from "./workload.ts";

const options = { traces: Number(process.argv[2] ?? 40_000), startSeconds: 1_699_999_980, spanSeconds: 6 * 3600 };
const end = options.startSeconds + options.spanSeconds + 60;

const digests: TraceDigest[] = [...workloadTraces(options)].map(({ id, documents }) => {
  const parsed = documents.map(({ text }) => parseSegment(text));
  return digestTrace(
    assembleTrace(
      id,
      parsed.flatMap((each) => (each.kind === "segments" ? each.segments : [])),
    ),
    1,
  );
});
const segments = digests.reduce((sum, digest) => sum + digest.segments.length, 0);

const whole = folded(digests);
const minutes = new Minutes();
for (const digest of digests) contribute(digest, 1, minutes);
const stored = [...minutes.cells.values()].map((cells) => encodeMinute(cells));
const nodes = whole.graph().nodes;
const edges = nodes.reduce((sum, node) => sum + node.edges.length, 0);
const cells = [...minutes.cells.values()].flatMap((minute) => minute.nodes.map((node) => 1 + node.calls.size));
const bytes = stored.reduce((sum, each) => sum + each.length, 0);
console.log(`${digests.length} traces, ${segments} segments; graph of ${nodes.length} nodes, ${edges} edges`);
console.log(
  `${stored.length} minutes, ${(sum(cells) / stored.length).toFixed(0)} cells each, ${(bytes / stored.length / 1024).toFixed(1)} KB each\n`,
);

const few = Array.from(digests, (_, index) => digests[index % 300]!);
for (const [name, some] of Object.entries({ "in cache": few, "in memory": digests })) {
  perTrace(`GraphBuilder.add, digests ${name}`, () => folded(some));
  const live = new LiveGraph();
  for (const digest of some) live.fold(undefined, digest);
  perTrace(`LiveGraph.fold, a trace replaced, digests ${name}`, () => {
    for (const digest of some) live.fold(digest, digest);
  });
}
const live = new LiveGraph();
for (const digest of digests) live.fold(undefined, digest);
inAll("LiveGraph.graph, 6 hours", () => live.graph(options.startSeconds, end));
inAll("emitGraph", () => emitGraph(whole.cells, options.startSeconds, end));
inAll("GraphBuilder toData + fromData", () => GraphBuilder.fromData(whole.toData()));
inAll("encodeMinute, all minutes", () => [...minutes.cells.values()].map((each) => encodeMinute(each)));
inAll("decodeMinute, all minutes", () => stored.map((each) => decodeMinute(each)));
inAll("mergeMinute, all minutes", () => mergeAll(stored));

// The size that the store's rollups are laid out for.
const dense = Array.from({ length: 360 }, (_, minute) => encodeMinute(denseMinute(minute)));
inAll("mergeMinute, 360 minutes x 90 cells x 30 durations", () => mergeAll(dense));

function folded(some: readonly TraceDigest[]): GraphBuilder {
  const builder = new GraphBuilder(options.startSeconds, end);
  for (const digest of some) builder.add(digest);
  return builder;
}

function mergeAll(all: readonly Uint8Array[]): Cells {
  const into = new Cells({ keepsSeconds: false });
  for (const each of all) mergeMinute(each, into);
  return into;
}

/** 30 nodes and 60 edges, with 30 distinct durations each. */
function denseMinute(minute: number): Cells {
  const made = new Cells({ keepsSeconds: true });
  const ids = Array.from({ length: 30 }, (_, index) => ({ name: `service-${index}`, type: "AWS::ECS::Container" }));
  const timed = (index: number): object => ({
    startSeconds: minute * 60 + (index % 50),
    endSeconds: minute * 60 + (index % 50) + ((index * 7919 + minute * 31) % 2000) / 1000,
    inProgress: false,
    fault: index % 50 === 0,
    error: false,
    throttle: false,
    throttled: false,
  });
  for (let index = 0; index < 30; index += 1) {
    const digest = {
      nodes: ids,
      segments: ids.map((_, node) => ({
        ...timed(index * 97 + node),
        node,
        inferred: false,
        isRoot: false,
        annotations: [],
      })),
      calls: ids.flatMap((_, from) =>
        [1, 2].map((step) => ({ ...timed(index * 89 + from * step), from, to: (from + step) % 30 })),
      ),
    };
    contribute(digest as unknown as TraceDigest, 1, { at: () => made });
  }
  return made;
}

function perTrace(name: string, round: () => void): void {
  const median = medianMicros(round);
  const rate = `${(median / digests.length).toFixed(2)} µs a trace`;
  console.log(
    `${name.padEnd(52)} ${rate.padStart(18)}, ${((median / segments) * 1000).toFixed(0)} ms for a million segments`,
  );
}

function inAll(name: string, round: () => unknown): void {
  console.log(`${name.padEnd(52)} ${(medianMicros(round) / 1000).toFixed(1).padStart(15)} ms`);
}

function medianMicros(round: () => unknown): number {
  const times: number[] = [];
  for (let i = 0; i < 12; i += 1) {
    const start = process.cpuUsage();
    round();
    const { user, system } = process.cpuUsage(start);
    if (i >= 3) times.push(user + system);
  }
  return times.sort((a, b) => a - b)[4]!;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
