import { type Overview, OverviewBuilder } from "../analysis/overview.ts";
import { StoreError } from "../errors.ts";
import { GraphBuilder } from "../graph/build-graph.ts";
import type { ServiceGraph } from "../graph/service-graph.ts";
import { SeriesBuilder } from "../graph/time-series.ts";
import type { Log } from "../log.ts";
import { tell } from "../store/store-change.ts";
import type {
  AppendResult,
  GraphQuery,
  OverviewQuery,
  RawDocument,
  StoreChange,
  StoredTrace,
  StoreUsage,
  TimeSeriesPoint,
  TimeSeriesQuery,
  TracePage,
  TraceQuery,
  TraceStore,
} from "../store/trace-store.ts";
import type { TraceDigest } from "../trace/digest.ts";
import { followRemote } from "./follow-remote.ts";
import type { RemoteTraces } from "./remote-traces.ts";

export interface RemoteStoreOptions {
  readonly traces: RemoteTraces;
  /** Takes documents for the other side. */
  readonly put: (documents: readonly Uint8Array[]) => void;
  /** What the other side says that it keeps, where it says so. */
  readonly usage: () => Promise<StoreUsage | undefined>;
  readonly log: Log;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** A graph of more traces would take minutes, and the other side may bill each of them. */
const mostTraces = 500;
/** Another fluoroscope may be asked often; AWS limits questions, and bills them. */
const quickPaceMs = 2_000;
const politePaceMs = 10_000;

/**
 * An X-Ray API elsewhere in the place of a store (`--no-store`). Nothing is kept here: documents go to the other side, and
 * its traces answer the questions that X-Ray's own operations cannot.
 */
export class RemoteStore implements TraceStore {
  readonly #options: RemoteStoreOptions;
  readonly #listeners = new Set<(change: StoreChange) => void>();
  #stopFollowing: (() => void) | undefined;

  constructor(options: RemoteStoreOptions) {
    this.#options = options;
  }

  /** Resolves when they are on their way: nobody who sends over UDP hears what becomes of them. */
  async append(documents: readonly RawDocument[]): Promise<AppendResult> {
    this.#options.put(documents.map(({ bytes }) => bytes));
    return { outcomes: [] };
  }

  readTraces(traceIds: readonly string[]): Promise<StoredTrace[]> {
    return this.#options.traces.read(traceIds);
  }

  /** Pages are as large as the other side makes them, whatever the limit. */
  async findTraces(query: TraceQuery): Promise<TracePage> {
    const { traces } = this.#options;
    const page = await traces.findSummaries(query);
    return {
      digests: await traces.digest(page.TraceSummaries),
      processed: page.TracesProcessedCount,
      ...(page.NextToken !== undefined && { next: page.NextToken }),
    };
  }

  /** Of the traces that match, the first five hundred: `isPartial` says when there are more. */
  async serviceGraph(query: GraphQuery, onPartial?: (graph: ServiceGraph) => void): Promise<ServiceGraph> {
    const builder = new GraphBuilder(query.startSeconds, query.endSeconds);
    const isPartial = await this.#fold(query, builder, () => onPartial?.(builder.graph()));
    return { ...builder.graph(), ...(isPartial && { isPartial }) };
  }

  async timeSeries(query: TimeSeriesQuery): Promise<TimeSeriesPoint[]> {
    const series = new SeriesBuilder(query, query.selector);
    await this.#fold(query, series);
    return series.points();
  }

  /** Of the traces that match, the first five hundred: every one of them is a question to the other side. */
  async overview(query: OverviewQuery): Promise<Overview> {
    const builder = new OverviewBuilder(query);
    const add = (digest: TraceDigest): void => {
      builder.look();
      builder.add(digest);
    };
    const isPartial = await this.#fold(query, { add });
    return builder.overview({ isPartial });
  }

  subscribe(listener: (change: StoreChange) => void): () => void {
    const { traces, usage, log, now = Date.now } = this.#options;
    this.#listeners.add(listener);
    this.#stopFollowing ??= followRemote({
      traces,
      paceMs: async () => ((await usage()) === undefined ? politePaceMs : quickPaceMs),
      onChange: (change) => tell(this.#listeners, change, log),
      log,
      now,
    });
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  async usage(): Promise<StoreUsage> {
    return (await this.#options.usage()) ?? { segments: 0, traces: 0, bytes: 0 };
  }

  /** The other side keeps what it wants for as long as it wants. */
  async prune(): Promise<void> {}

  async clear(): Promise<void> {
    const message = "These traces are another side's and cannot be removed from here. Remove them there.";
    throw new StoreError("FLUORO_FORWARD", message, { retryable: false });
  }

  async close(): Promise<void> {
    this.#stop();
  }

  #stop(): void {
    this.#stopFollowing?.();
    this.#stopFollowing = undefined;
  }

  /** Adds up traces, newest first. Answers whether there are more of them than were added. */
  async #fold(
    { startSeconds, endSeconds, filter }: GraphQuery,
    into: { add(digest: TraceDigest): void },
    onSome?: () => void,
  ): Promise<boolean> {
    let count = 0;
    let after: string | undefined;
    do {
      const range = { startSeconds, endSeconds, rangeType: "Service", limit: mostTraces } as const;
      const page = await this.findTraces({ ...range, ...(filter && { filter }), ...(after && { after }) });
      for (const digest of page.digests) into.add(digest);
      count += page.digests.length;
      after = page.next;
      if (after !== undefined) onSome?.();
    } while (after !== undefined && count < mostTraces);
    return after !== undefined;
  }
}
