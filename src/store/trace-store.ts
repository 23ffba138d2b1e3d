import type { Overview, OverviewWanted } from "../analysis/overview.ts";
import type { Filter } from "../filter/tree.ts";
import type { EntitySelector } from "../graph/choose-cells.ts";
import type { GraphChange } from "../graph/live-graph.ts";
import type { ServiceGraph, Statistics } from "../graph/service-graph.ts";
import type { TraceDigest } from "../trace/digest.ts";
import type { Problem } from "../trace/problem.ts";

/**
 * Where traces live. The memory store is the reference; every other store must give the same answers
 * (`test/contract/store-contract.ts`). Opening does no I/O until first use. All methods may be called concurrently.
 */
export interface TraceStore {
  /**
   * Parses and keeps documents. Resolves when they are durable: what is answered here as accepted survives `kill -9`.
   * Answers one entry per document, in order: `undefined` for accepted, the problem for refused (a document that holds
   * an array of subsegments gives one entry, its first problem; the good ones are kept).
   * A repeated document is accepted and changes nothing. Rejects with a `StoreError` when nothing was kept.
   */
  append(documents: readonly RawDocument[]): Promise<AppendResult>;

  /** The documents of each trace, as they came (superseded versions left out). Unknown ids are left out. */
  readTraces(traceIds: readonly string[]): Promise<StoredTrace[]>;

  /**
   * Digests newest first (by `idSeconds` for `TraceId` ranges, else by start). Nothing matching: an empty page. A page may
   * have fewer digests than it might, or none, and still lead on with `next`: when much was looked at for little.
   */
  findTraces(query: TraceQuery): Promise<TracePage>;

  /**
   * The service graph of all traces (`filter` absent: answered from rollups, whole minutes for ranges of 10 minutes or
   * more) or of the traces that match. `onPartial` receives growing graphs, newest traces first, before the final one.
   */
  serviceGraph(query: GraphQuery, onPartial?: (graph: ServiceGraph) => void): Promise<ServiceGraph>;

  /** Statistics per bucket of `periodSeconds`, non-empty buckets only, ascending. */
  timeSeries(query: TimeSeriesQuery): Promise<TimeSeriesPoint[]>;

  /**
   * The traces of a range (those of an `Event` query) at a glance: counted into a heatmap and by their attributes.
   * Looks at `mostTraces` of them at most, about the newest, and says when there are more. `onPartial` receives growing
   * answers before the final one. When `signal` is aborted a store may stop looking, and reject with its reason.
   */
  overview(query: OverviewQuery, onPartial?: (overview: Overview) => void, signal?: AbortSignal): Promise<Overview>;

  /** Called after each append that changed something; answers the function that ends it. */
  subscribe(listener: (change: StoreChange) => void): () => void;

  usage(): Promise<StoreUsage>;
  /** Drops what retention by age and size no longer covers. `nowSeconds` is an argument so that tests need no clock. */
  prune(nowSeconds: number): Promise<void>;
  /** Removes everything. Those who follow are told that it went. */
  clear(): Promise<void>;
  /**
   * Removes single traces, with what they added to any figure; answers how many there were. Unknown ids are passed over. A
   * document that comes for one later begins it anew. Absent where a store removes whole stretches of time only.
   */
  remove?(traceIds: readonly string[]): Promise<number>;
  /** May be called twice. Waits for appends under way. */
  close(): Promise<void>;
}

export interface RawDocument {
  /** UTF-8 JSON: a segment, a subsegment, or an array of subsegments. Handed over: the sender must not change it. */
  readonly bytes: Uint8Array;
  /**
   * How many traces its trace stands for, where others like it were not kept: a whole number, 1 for itself alone. A trace
   * has the least weight that any new document of it came with, 1 if none said; all figures count it so often.
   */
  readonly weight?: number;
}

export interface AppendResult {
  readonly outcomes: readonly (Refusal | undefined)[];
}

export interface Refusal {
  readonly problem: Problem;
  /** The segment's id where it could be read. */
  readonly segmentId?: string;
}

export interface StoredTrace {
  readonly id: string;
  readonly revision: number;
  readonly documents: readonly string[];
}

export interface TraceQuery {
  readonly startSeconds: number;
  /** Exclusive. */
  readonly endSeconds: number;
  /** `TraceId`: id time in range; `Event`: the trace was active in it; `Service`: some segment ended in it. */
  readonly rangeType: "TraceId" | "Event" | "Service";
  readonly filter?: Filter;
  /** Keep about this share of the matches (0 to 1), chosen by a hash of the trace id. */
  readonly sampleRate?: number;
  readonly limit: number;
  /** Opaque, from `TracePage.next`. */
  readonly after?: string;
}

export interface TracePage {
  readonly digests: readonly TraceDigest[];
  /** Traces looked at for this page, matching or not. */
  readonly processed: number;
  readonly next?: string;
}

export interface GraphQuery {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly filter?: Filter;
}

export interface TimeSeriesQuery {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly periodSeconds: number;
  /** Absent: the client edges, so that `total` is the number of traces entering. */
  readonly selector?: EntitySelector;
  readonly filter?: Filter;
}

export interface TimeSeriesPoint {
  readonly startSeconds: number;
  readonly statistics: Statistics;
}

export interface OverviewQuery extends OverviewWanted {
  readonly filter?: Filter;
  readonly mostTraces: number;
}

export interface StoreChange {
  /** The traces that changed, in their new form; large changes are cut to the newest 200 (`truncated`). */
  readonly digests: readonly TraceDigest[];
  readonly truncated: boolean;
  readonly graph: GraphChange;
  /** Traces were removed: who keeps some must ask for them again. */
  readonly hasRemoved?: true;
}

export interface StoreUsage {
  readonly segments: number;
  readonly traces: number;
  readonly bytes: number;
  readonly oldestSeconds?: number;
  readonly newestSeconds?: number;
}
