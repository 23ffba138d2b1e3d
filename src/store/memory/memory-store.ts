import { type Overview, OverviewBuilder } from "../../analysis/overview.ts";
import { StoreError } from "../../errors.ts";
import { serviceGraph } from "../../graph/build-graph.ts";
import type { ServiceGraph } from "../../graph/service-graph.ts";
import { SeriesBuilder } from "../../graph/time-series.ts";
import { type Log, silentLog } from "../../log.ts";
import { assembleTrace } from "../../trace/assemble-trace.ts";
import type { TraceDigest } from "../../trace/digest.ts";
import { digestTrace } from "../../trace/digest-trace.ts";
import type { Segment } from "../../trace/segment.ts";
import { graphRange } from "../graph-range.ts";
import { Judge, tracesReadPerPage } from "../judge.ts";
import { type KeptDocument, keepDocuments } from "../keep-documents.ts";
import { readDocuments } from "../read-documents.ts";
import { allRemoved, changeOf, removalOf, tell } from "../store-change.ts";
import { byPlace, isInRange, isSampled, placeOf, readToken, writeToken } from "../trace-in-range.ts";
import { countsIn } from "../trace-span.ts";
import type {
  AppendResult,
  GraphQuery,
  OverviewQuery,
  RawDocument,
  Refusal,
  StoreChange,
  StoredTrace,
  StoreUsage,
  TimeSeriesPoint,
  TimeSeriesQuery,
  TracePage,
  TraceQuery,
  TraceStore,
} from "../trace-store.ts";
import { weightOf } from "../weight-of.ts";

export interface MemoryOptions {
  readonly retentionSeconds?: number;
  readonly maxBytes?: number;
  readonly log?: Log;
  /** Milliseconds. */
  readonly now?: () => number;
}

interface KeptTrace {
  readonly documents: readonly KeptDocument[];
  readonly digest: TraceDigest;
  readonly arrivedSeconds: number;
}

/** The reference: arrays and the pure functions, no cleverness. Every other store must give the same answers. */
export class MemoryStore implements TraceStore {
  readonly #options: MemoryOptions;
  /** In order of arrival. */
  readonly #traces = new Map<string, KeptTrace>();
  readonly #listeners = new Set<(change: StoreChange) => void>();
  readonly #segmentsOf = (id: string): readonly Segment[] =>
    this.#traces.get(id)!.documents.flatMap(({ segments }) => segments);
  #isClosed = false;

  constructor(options: MemoryOptions = {}) {
    this.#options = options;
  }

  async append(documents: readonly RawDocument[]): Promise<AppendResult> {
    this.#checkOpen();
    const outcomes = new Array<Refusal | undefined>(documents.length).fill(undefined);
    const arrivedSeconds = (this.#options.now ?? Date.now)() / 1000;
    const changed: { before: KeptTrace | undefined; digest: TraceDigest }[] = [];
    for (const [id, arrived] of readDocuments(documents, outcomes)) {
      const before = this.#traces.get(id);
      const kept = keepDocuments<KeptDocument>(before?.documents ?? [], arrived);
      if (kept === undefined) continue;
      const weight = weightOf(before?.digest, arrived);
      const digest = digestTrace(assembleTrace(id, kept.segments), (before?.digest.revision ?? 0) + 1, { weight });
      this.#traces.set(id, { documents: kept.documents, digest, arrivedSeconds });
      changed.push({ before, digest });
    }
    tell(this.#listeners, changeOf(changed), this.#options.log ?? silentLog);
    return { outcomes };
  }

  async readTraces(traceIds: readonly string[]): Promise<StoredTrace[]> {
    this.#checkOpen();
    return [...new Set(traceIds)].flatMap((id) => {
      const trace = this.#traces.get(id);
      if (trace === undefined) return [];
      return { id, revision: trace.digest.revision, documents: trace.documents.map(({ text }) => text) };
    });
  }

  async findTraces(query: TraceQuery): Promise<TracePage> {
    this.#checkOpen();
    const { filter, rangeType, limit, sampleRate = 1 } = query;
    const judge = new Judge(filter);
    const after = readToken(query.after);
    const candidates = this.#digests()
      .filter((digest) => isInRange(digest, query) && isSampled(digest.id, sampleRate) && judge.lets(digest))
      .map((digest) => ({ digest, place: placeOf(digest, rangeType) }))
      .filter(({ place }) => after === undefined || byPlace(place, after) > 0)
      .sort((a, b) => byPlace(a.place, b.place));
    const digests: TraceDigest[] = [];
    let next: string | undefined;
    for (const { digest, place } of candidates) {
      if (judge.holds(digest, this.#segmentsOf)) digests.push(digest);
      if (digests.length < limit && judge.tracesRead < tracesReadPerPage) continue;
      next = writeToken(place);
      break;
    }
    return { digests, processed: this.#traces.size, ...(next !== undefined && { next }) };
  }

  async serviceGraph(query: GraphQuery): Promise<ServiceGraph> {
    this.#checkOpen();
    const range = graphRange(query);
    return serviceGraph(this.#matching({ ...query, ...range }), range.startSeconds, range.endSeconds);
  }

  async timeSeries(query: TimeSeriesQuery): Promise<TimeSeriesPoint[]> {
    this.#checkOpen();
    const series = new SeriesBuilder(query, query.selector);
    for (const digest of this.#matching(query)) series.add(digest);
    return series.points();
  }

  async overview(query: OverviewQuery): Promise<Overview> {
    this.#checkOpen();
    const { filter, mostTraces, ...range } = query;
    const builder = new OverviewBuilder(query);
    const judge = new Judge(filter);
    const inRange = this.#digests().filter((digest) => isInRange(digest, { ...range, rangeType: "Event" }));
    const newest = inRange.sort((a, b) => b.startSeconds - a.startSeconds).slice(0, mostTraces);
    for (const digest of newest) {
      builder.look();
      if (judge.lets(digest) && judge.holds(digest, this.#segmentsOf)) builder.add(digest);
    }
    return builder.overview({ isPartial: newest.length < inRange.length });
  }

  subscribe(listener: (change: StoreChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async usage(): Promise<StoreUsage> {
    this.#checkOpen();
    const digests = this.#digests();
    const bytes = [...this.#traces.values()].reduce((sum, trace) => sum + bytesOf(trace), 0);
    return {
      segments: digests.flatMap(({ segments }) => segments).filter(({ inferred }) => !inferred).length,
      traces: digests.length,
      bytes,
      ...(digests.length > 0 && {
        oldestSeconds: Math.min(...digests.map(({ startSeconds }) => startSeconds)),
        newestSeconds: Math.max(...digests.map(({ endSeconds }) => endSeconds)),
      }),
    };
  }

  async prune(nowSeconds: number): Promise<void> {
    this.#checkOpen();
    const { retentionSeconds = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } = this.#options;
    let { bytes } = await this.usage();
    for (const [id, trace] of this.#traces) {
      if (trace.arrivedSeconds >= nowSeconds - retentionSeconds && bytes <= maxBytes) continue;
      bytes -= bytesOf(trace);
      this.#traces.delete(id);
    }
  }

  async clear(): Promise<void> {
    this.#checkOpen();
    this.#traces.clear();
    tell(this.#listeners, allRemoved, this.#options.log ?? silentLog);
  }

  async remove(traceIds: readonly string[]): Promise<number> {
    this.#checkOpen();
    const found = [...new Set(traceIds)].flatMap((id) => this.#traces.get(id)?.digest ?? []);
    for (const { id } of found) this.#traces.delete(id);
    tell(this.#listeners, removalOf(found), this.#options.log ?? silentLog);
    return found.length;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #digests(): TraceDigest[] {
    return [...this.#traces.values()].map(({ digest }) => digest);
  }

  #matching({ filter, ...range }: GraphQuery): TraceDigest[] {
    const judge = new Judge(filter);
    return this.#digests().filter(
      (digest) => countsIn(digest, range) && judge.lets(digest) && judge.holdsForFigure(digest, this.#segmentsOf),
    );
  }

  #checkOpen(): void {
    if (!this.#isClosed) return;
    throw new StoreError("FLUORO_STORE_CLOSED", "The store is closed. Open it again before asking it.", {
      retryable: false,
    });
  }
}

const bytesOf = ({ documents }: KeptTrace): number => documents.reduce((sum, { text }) => sum + text.length, 0);
