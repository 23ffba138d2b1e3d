import { type Overview, OverviewBuilder } from "../../analysis/overview.ts";
import type { Filter } from "../../filter/tree.ts";
import { GraphBuilder } from "../../graph/build-graph.ts";
import { type CellTarget, contribute } from "../../graph/cells.ts";
import type { ServiceGraph } from "../../graph/service-graph.ts";
import { SeriesBuilder } from "../../graph/time-series.ts";
import type { TraceDigest } from "../../trace/digest.ts";
import { packSeries } from "../embedded/pack-series.ts";
import { plainDigest } from "../embedded/plain-digest.ts";
import { Turns } from "../embedded/turns.ts";
import { graphRange, isLong } from "../graph-range.ts";
import { Judge, tracesReadPerPage } from "../judge.ts";
import { isInRange, isSampled, placeOf, readToken, writeToken } from "../trace-in-range.ts";
import { countsIn } from "../trace-span.ts";
import type { GraphQuery, OverviewQuery, StoredTrace, TimeSeriesQuery, TracePage, TraceQuery } from "../trace-store.ts";
import type { ClickHouse } from "./connect.ts";
import { addMinutes, type MinuteOptions } from "./minute-sums.ts";
import { scanTraces, tracesInOrder } from "./scan-traces.ts";
import type { SchemaOptions } from "./schema.ts";
import { countingConditions, rangeConditions, termConditions } from "./select-traces.ts";
import { candidatesOf, readStoredTraces } from "./stored-documents.ts";

export interface ReaderOptions extends MinuteOptions {
  /** Traces after whose looking at a page ends, full or not. */
  readonly pageScan: number;
}

/** How long after the question, and after each other, growing answers are sent. */
const partialMs = 120;
/** Traces that a page with a filter looks at first; with each further look twice as many. */
const firstLook = 500;
/** An overview's filter that asks for what only documents tell is tried on so many of them. */
const mostRead = 5 * tracesReadPerPage;

/** Everything that reads. It narrows by what SQL can tell, and judges exactly afterwards, as every store does. */
export class ClickHouseReader {
  readonly #clickhouse: ClickHouse;
  readonly #schema: SchemaOptions;
  readonly #options: ReaderOptions;

  constructor(clickhouse: ClickHouse, schema: SchemaOptions, options: ReaderOptions) {
    this.#clickhouse = clickhouse;
    this.#schema = schema;
    this.#options = options;
  }

  readTraces(traceIds: readonly string[]): Promise<StoredTrace[]> {
    return readStoredTraces(this.#clickhouse, this.#schema, traceIds);
  }

  async findTraces(query: TraceQuery): Promise<TracePage> {
    const { filter, rangeType, limit, sampleRate = 1 } = query;
    const judge = new Judge(filter);
    const isExact = filter === undefined && rangeType !== "Service" && sampleRate >= 1;
    const terms = termConditions(filter);
    const atFirst = isExact ? limit : Math.max(limit, firstLook);
    const wanted = {
      ...{ range: query, conditions: [...rangeConditions(query), ...terms], isPicky: terms.length > 0 },
      ...{ after: readToken(query.after), atFirst },
    };
    const digests: TraceDigest[] = [];
    let processed = 0;
    for await (const found of tracesInOrder(this.#clickhouse, this.#schema, wanted)) {
      const sampled = found.filter((digest) => isInRange(digest, query) && isSampled(digest.id, sampleRate));
      processed += found.length;
      for await (const [digest, read] of candidatesOf(this.#clickhouse, this.#schema, judge, sampled)) {
        if (judge.holds(digest, read)) digests.push(plainDigest(digest));
        if (digests.length >= limit || judge.tracesRead >= tracesReadPerPage) {
          return { digests, processed, next: writeToken(placeOf(digest, rangeType)) };
        }
      }
      const last = found.at(-1);
      if (last !== undefined && !isExact && processed >= this.#options.pageScan) {
        return { digests, processed, next: writeToken(placeOf(last, rangeType)) };
      }
    }
    return { digests, processed };
  }

  async serviceGraph(query: GraphQuery, onPartial?: (graph: ServiceGraph) => void): Promise<ServiceGraph> {
    const range = graphRange(query);
    const builder = new GraphBuilder(range.startSeconds, range.endSeconds);
    if (query.filter === undefined && isLong(query)) {
      await addMinutes(this.#clickhouse, this.#schema, range, () => builder.cells, this.#options);
    } else {
      const send = asTimePasses(() => onPartial?.(builder.graph()));
      await this.#addTraces({ ...query, ...range }, builder, send);
    }
    return builder.graph();
  }

  /** As `unpackSeries` takes it. */
  async timeSeries(query: TimeSeriesQuery): Promise<Float64Array> {
    const series = new SeriesBuilder(query, query.selector);
    if (query.filter !== undefined || !isLong(query) || query.periodSeconds % 60 !== 0) {
      await this.#addTraces(query, series);
      return packSeries(series.figures());
    }
    const whole = {
      startSeconds: Math.ceil(query.startSeconds / 60) * 60,
      endSeconds: Math.floor(query.endSeconds / 60) * 60,
    };
    const options = { ...this.#options, choice: series.choice };
    await addMinutes(this.#clickhouse, this.#schema, whole, (minute) => series.at(minute * 60), options);
    for (const edge of [
      { startSeconds: query.startSeconds, endSeconds: whole.startSeconds },
      { startSeconds: whole.endSeconds, endSeconds: query.endSeconds },
    ]) {
      if (edge.startSeconds < edge.endSeconds) await this.#addTraces(edge, within(edge, series));
    }
    return packSeries(series.figures());
  }

  async overview(query: OverviewQuery, onPartial?: (overview: Overview) => void): Promise<Overview> {
    const { filter, mostTraces, startSeconds, endSeconds } = query;
    const range = { startSeconds, endSeconds, rangeType: "Event" } as const;
    const builder = new OverviewBuilder(query);
    const judge = new Judge(filter);
    const send = asTimePasses(() => onPartial?.(builder.overview({ isPartial: true })));
    const conditions = [...rangeConditions(range), ...termConditions(filter)];
    const wanted = { range, conditions, isPicky: conditions.length > 2 };
    for await (const found of scanTraces(this.#clickhouse, this.#schema, wanted)) {
      const newest = found.toSorted((a, b) => b.startSeconds - a.startSeconds);
      const looked = newest.slice(0, mostTraces - builder.looked);
      for (let left = looked.length; left > 0; left -= 1) builder.look();
      for await (const [digest, read] of candidatesOf(this.#clickhouse, this.#schema, judge, looked)) {
        if (judge.tracesRead >= mostRead) return builder.overview({ isPartial: true });
        if (judge.holds(digest, read)) builder.add(digest);
        send();
      }
      if (looked.length < newest.length) return builder.overview({ isPartial: true });
    }
    return builder.overview({ isPartial: false });
  }

  /** Adds what the matching traces contribute within the range, about newest first. */
  async #addTraces(
    { startSeconds, endSeconds, filter }: GraphQuery & { readonly filter?: Filter },
    target: CellTarget,
    onTurn: () => void = () => {},
  ): Promise<void> {
    const range = { startSeconds, endSeconds };
    const judge = new Judge(filter);
    const terms = termConditions(filter);
    const conditions = [...countingConditions(range), ...terms];
    const wanted = { range, conditions, isPicky: terms.length > 0, forFigures: filter === undefined };
    const turns = new Turns();
    for await (const found of scanTraces(this.#clickhouse, this.#schema, wanted)) {
      const counting = found.filter((digest) => countsIn(digest, range));
      for await (const [digest, read] of candidatesOf(this.#clickhouse, this.#schema, judge, counting)) {
        if (judge.holdsForFigure(digest, read)) contribute(digest, 1, target);
        if (!turns.isOver()) continue;
        onTurn();
        await turns.pass();
      }
    }
  }
}

const within = ({ startSeconds, endSeconds }: GraphQuery, target: CellTarget): CellTarget => ({
  at: (seconds) => (seconds >= startSeconds && seconds < endSeconds ? target.at(seconds) : undefined),
});

/** Calls at most so often: a growing answer is worth sending when there is something new to see. */
function asTimePasses(send: () => void): () => void {
  let sentMs = performance.now();
  return () => {
    if (performance.now() - sentMs < partialMs) return;
    send();
    sentMs = performance.now();
  };
}
