import { parentPort, workerData } from "node:worker_threads";
import type { Overview } from "../../analysis/overview.ts";
import type { ServiceGraph } from "../../graph/service-graph.ts";
import { plainDigest } from "../embedded/plain-digest.ts";
import { answerQuestions } from "../embedded/worker-protocol.ts";
import { type PackedDocuments, unpackDocuments } from "../pack-documents.ts";
import { removalOf } from "../store-change.ts";
import type {
  GraphQuery,
  OverviewQuery,
  StoreChange,
  StoredTrace,
  StoreUsage,
  TimeSeriesQuery,
  TracePage,
  TraceQuery,
} from "../trace-store.ts";
import { parseClickHouseAddress } from "./address.ts";
import { ClickHouseFollower } from "./clickhouse-follower.ts";
import { ClickHouseReader, type ReaderOptions } from "./clickhouse-reader.ts";
import { ClickHouseUpkeep } from "./clickhouse-upkeep.ts";
import { type Appended, ClickHouseWriter } from "./clickhouse-writer.ts";
import { connectClickHouse } from "./connect.ts";
import type { KeepOptions } from "./kept-days.ts";
import { migrate } from "./migrate.ts";

/** What a thread of the store can be asked. One of them writes and keeps order, the others read. */
export type ClickHouseProtocol = {
  open: { question: undefined; answer: undefined; partial: never };
  append: {
    question: PackedDocuments & { readonly nowMs: number; readonly wantsChange: boolean };
    answer: Appended;
    partial: never;
  };
  remove: {
    question: readonly string[];
    answer: { readonly count: number; readonly change: StoreChange | undefined };
    partial: never;
  };
  /** Answers how many traces had been cut off, and are whole now. */
  prune: { question: { readonly nowSeconds: number }; answer: number; partial: never };
  clear: { question: undefined; answer: undefined; partial: never };
  /** What others have written since the last time. */
  follow: { question: undefined; answer: StoreChange | undefined; partial: never };
  usage: { question: undefined; answer: StoreUsage; partial: never };
  traces: { question: readonly string[]; answer: StoredTrace[]; partial: never };
  find: { question: TraceQuery; answer: TracePage; partial: never };
  graph: { question: Growing<GraphQuery>; answer: ServiceGraph; partial: ServiceGraph };
  overview: { question: Growing<OverviewQuery>; answer: Overview; partial: Overview };
  /** As `unpackSeries` takes it. */
  series: { question: TimeSeriesQuery; answer: Float64Array; partial: never };
  close: { question: undefined; answer: undefined; partial: never };
};

interface Growing<Query> {
  readonly query: Query;
  readonly wantsPartials: boolean;
}

/** What every thread must know. */
export interface ClickHouseWorkerOptions extends KeepOptions, ReaderOptions {
  readonly address: string;
}

const options = workerData as ClickHouseWorkerOptions;
const address = parseClickHouseAddress(options.address);
const schema = { ...address, retentionSeconds: options.retentionSeconds };
const clickhouse = connectClickHouse(address);
const reader = new ClickHouseReader(clickhouse, schema, options);
const writer = new ClickHouseWriter(clickhouse, schema);
const upkeep = new ClickHouseUpkeep(clickhouse, schema, writer, options);
const follower = new ClickHouseFollower(clickhouse, schema, writer.node);

const plainChange = (change: StoreChange | undefined): StoreChange | undefined =>
  change && { ...change, digests: change.digests.map(plainDigest) };

answerQuestions<ClickHouseProtocol>(parentPort!, {
  open: async () => {
    await migrate(clickhouse, schema);
  },
  append: ({ nowMs, wantsChange, ...packed }) => writer.append(unpackDocuments(packed), nowMs, wantsChange),
  remove: async (traceIds) => {
    const removed = await writer.remove(traceIds);
    return { count: removed.length, change: removalOf(removed) };
  },
  prune: ({ nowSeconds }) => upkeep.prune(nowSeconds),
  clear: async () => {
    await upkeep.clear();
  },
  follow: async () => plainChange(await follower.take()),
  usage: () => upkeep.usage(),
  traces: (traceIds) => reader.readTraces(traceIds),
  find: (query) => reader.findTraces(query),
  graph: ({ query, wantsPartials }, onPartial) => reader.serviceGraph(query, wantsPartials ? onPartial : undefined),
  overview: ({ query, wantsPartials }, onPartial) => reader.overview(query, wantsPartials ? onPartial : undefined),
  series: (query) => reader.timeSeries(query),
  close: async () => {
    await clickhouse.close();
  },
});
