import { parentPort, workerData } from "node:worker_threads";
import type { Overview } from "../../analysis/overview.ts";
import type { ServiceGraph } from "../../graph/service-graph.ts";
import type { GraphQuery, OverviewQuery, StoredTrace, TimeSeriesQuery, TracePage, TraceQuery } from "../trace-store.ts";
import { loadDriver } from "./driver.ts";
import type { PartInfo } from "./part-info.ts";
import { StoreReader } from "./store-reader.ts";
import { answerQuestions } from "./worker-protocol.ts";

/** A question and the parts there are when it is asked. */
export interface About<Q> {
  readonly query: Q;
  readonly parts: readonly PartInfo[];
}

/** What a reader can be asked. */
export type ReaderProtocol = {
  traces: { question: About<readonly string[]>; answer: StoredTrace[]; partial: never };
  find: { question: About<TraceQuery>; answer: TracePage; partial: never };
  graph: {
    question: About<GraphQuery> & { readonly wantsPartials: boolean };
    answer: ServiceGraph;
    partial: ServiceGraph;
  };
  overview: {
    question: About<OverviewQuery> & { readonly wantsPartials: boolean };
    answer: Overview;
    partial: Overview;
  };
  /** As `unpackSeries` takes it. */
  series: { question: About<TimeSeriesQuery>; answer: Float64Array; partial: never };
  forget: { question: readonly string[]; answer: undefined; partial: never };
  close: { question: undefined; answer: undefined; partial: never };
};

/** What a reader must know. */
export interface ReaderOptions {
  /** Traces after whose looking at a page ends, full or not. */
  readonly pageScan: number;
}

const { pageScan } = workerData as ReaderOptions;
const reader = loadDriver().then((open) => new StoreReader(open, pageScan));
// Whoever asks is told; that nobody has asked yet is no reason to die.
reader.catch(() => {});

answerQuestions<ReaderProtocol>(parentPort!, {
  traces: async ({ query, parts }) => (await reader).readTraces(query, parts),
  find: async ({ query, parts }) => (await reader).findTraces(query, parts),
  graph: async ({ query, parts, wantsPartials }, onPartial) =>
    (await reader).serviceGraph(query, parts, wantsPartials ? onPartial : undefined),
  overview: async ({ query, parts, wantsPartials }, onPartial) =>
    (await reader).overview(query, parts, wantsPartials ? onPartial : undefined),
  series: async ({ query, parts }) => (await reader).timeSeries(query, parts),
  forget: async (paths) => {
    (await reader).forget(paths);
  },
  close: async () => {
    (await reader).close();
  },
});
