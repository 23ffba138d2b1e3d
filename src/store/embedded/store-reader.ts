import type { Overview } from "../../analysis/overview.ts";
import { requiredTerms } from "../../filter/terms.ts";
import type { Filter } from "../../filter/tree.ts";
import { GraphBuilder } from "../../graph/build-graph.ts";
import { type CellTarget, contribute } from "../../graph/cells.ts";
import type { ServiceGraph } from "../../graph/service-graph.ts";
import { SeriesBuilder } from "../../graph/time-series.ts";
import type { TraceDigest } from "../../trace/digest.ts";
import { graphRange, isLong } from "../graph-range.ts";
import { Judge, tracesReadPerPage } from "../judge.ts";
import {
  isInRange,
  isSampled,
  lastTraceId,
  placeOf,
  readToken,
  type TracePlace,
  writeToken,
} from "../trace-in-range.ts";
import { countsIn } from "../trace-span.ts";
import type { GraphQuery, OverviewQuery, StoredTrace, TimeSeriesQuery, TracePage, TraceQuery } from "../trace-store.ts";
import type { DigestView } from "./digest-view.ts";
import type { OpenDatabase } from "./driver.ts";
import { addMinutes } from "./minute-figures.ts";
import { newestFirst } from "./newest-first.ts";
import { partError } from "./open-part.ts";
import { packSeries } from "./pack-series.ts";
import { mayOverlap, type PartInfo } from "./part-info.ts";
import { PartReader, type Snapshot } from "./part-reader.ts";
import { plainDigest } from "./plain-digest.ts";
import { readOverview } from "./read-overview.ts";
import { readTrace, segmentReader } from "./read-trace.ts";
import { alongTimes, inOrder, stretches, type Wanted } from "./trace-sources.ts";
import { Turns } from "./turns.ts";

/** A part and the moment at which it is looked at. */
interface Open {
  readonly part: PartInfo;
  readonly snapshot: Snapshot;
}

/** How long after the question, and after each other, growing answers are sent. */
const partialMs = 120;

/** Everything that reads. Used within a reader's thread; questions that take long let others in between. */
export class StoreReader {
  readonly #open: OpenDatabase;
  readonly #pageScan: number;
  readonly #readers = new Map<string, PartReader>();

  /** `pageScan`: traces after whose looking at a page ends, full or not. */
  constructor(open: OpenDatabase, pageScan: number) {
    this.#open = open;
    this.#pageScan = pageScan;
  }

  /** Opens no more parts than it takes: of many, most do not have the times that are in the ids. */
  async readTraces(traceIds: readonly string[], parts: readonly PartInfo[]): Promise<StoredTrace[]> {
    const taken = new Map<string, ReturnType<PartReader["take"]>>();
    const snapshotOf = (path: string): Snapshot => {
      const known = taken.get(path) ?? this.#reader(path).take();
      taken.set(path, known);
      return known.snapshot;
    };
    try {
      return [...new Set(traceIds)].flatMap((id) => {
        for (const { path } of likeliestFirst(parts, id)) {
          const trace = readTrace(id, snapshotOf(path));
          if (trace !== undefined) return [trace];
        }
        return [];
      });
    } catch (error) {
      throw partError(parts.map(({ path }) => path).join(" or "), error);
    } finally {
      for (const { release } of taken.values()) release();
    }
  }

  findTraces(query: TraceQuery, parts: readonly PartInfo[]): Promise<TracePage> {
    const { filter, limit, rangeType, sampleRate } = query;
    const after = readToken(query.after);
    const judge = new Judge(filter);
    let processed = 0;
    const accepts = (trace: DigestView): boolean => {
      processed += 1;
      return (
        isInRange(trace, query) && judge.lets(trace) && (sampleRate === undefined || isSampled(trace.id, sampleRate))
      );
    };
    const clauses = filter === undefined ? [] : requiredTerms(filter);
    const wanted: Wanted = { ...query, accepts, clauses, after };
    return this.#look(
      parts.filter((part) => mayOverlap(part, query)),
      async (opened) => {
        const sources = opened.flatMap(({ snapshot, part }) =>
          filter === undefined
            ? alongTimes(snapshot, part, wanted)
            : stretches(snapshot, part, wanted).map((stretch) => inOrder(stretch, wanted)),
        );
        const read = segmentReader(opened.map(({ snapshot }) => snapshot));
        const digests: TraceDigest[] = [];
        const turns = new Turns();
        const pageScan = filter === undefined ? Number.POSITIVE_INFINITY : this.#pageScan;
        const bound = scanBound(pageScan, after, () => processed);
        for (const trace of newestFirst(sources, rangeType, bound.stopsBefore)) {
          if (trace !== undefined) {
            if (judge.holds(trace, read)) digests.push(plainDigest(trace));
            if (digests.length >= limit || judge.tracesRead >= tracesReadPerPage) {
              return { digests, processed, next: writeToken(placeOf(trace, rangeType)) };
            }
          }
          if (turns.isOver()) await turns.pass();
        }
        return { digests, processed, ...bound.next() };
      },
    );
  }

  serviceGraph(query: GraphQuery, parts: readonly PartInfo[], onPartial?: OnGraph): Promise<ServiceGraph> {
    const range = graphRange(query);
    const builder = new GraphBuilder(range.startSeconds, range.endSeconds);
    return this.#lookAt(range, parts, async (opened) => {
      if (query.filter === undefined && isLong(query)) {
        await addMinutes(opened, range, () => builder.cells);
      } else {
        await addTraces(
          opened,
          { ...query, ...range },
          builder,
          asTimePasses(() => onPartial?.(builder.graph())),
        );
      }
      return builder.graph();
    });
  }

  /** The answer is packed, to be passed on to another thread. */
  timeSeries(query: TimeSeriesQuery, parts: readonly PartInfo[]): Promise<Float64Array> {
    const series = new SeriesBuilder(query, query.selector);
    return this.#lookAt(query, parts, async (opened) => {
      if (query.filter === undefined && isLong(query) && query.periodSeconds % 60 === 0) {
        const whole = wholeMinutes(query);
        await addMinutes(opened, whole, (minute) => series.at(minute * 60), series.choice);
        for (const edge of edgesOf(query, whole)) await addTraces(opened, edge, within(edge, series));
      } else {
        await addTraces(opened, query, series);
      }
      return packSeries(series.figures());
    });
  }

  overview(query: OverviewQuery, parts: readonly PartInfo[], onPartial?: OnOverview): Promise<Overview> {
    return this.#lookAt(query, parts, (opened) => readOverview(opened, query, onPartial));
  }

  /** Lets go of files that are to be removed. */
  forget(paths: readonly string[]): void {
    for (const path of paths) {
      this.#readers.get(path)?.close();
      this.#readers.delete(path);
    }
  }

  close(): void {
    this.forget([...this.#readers.keys()]);
  }

  #lookAt<T>(range: Range, parts: readonly PartInfo[], question: Question<T>): Promise<T> {
    return this.#look(
      parts.filter((part) => mayOverlap(part, { ...range, rangeType: "Event" })),
      question,
    );
  }

  /** Newest part first, each at one moment. */
  async #look<T>(parts: readonly PartInfo[], question: Question<T>): Promise<T> {
    const taken = [];
    try {
      for (const part of parts.toReversed()) taken.push({ part, ...this.#reader(part.path).take() });
      return await question(taken);
    } catch (error) {
      throw partError(parts.map(({ path }) => path).join(" or "), error);
    } finally {
      for (const { release } of taken) release();
    }
  }

  #reader(path: string): PartReader {
    let reader = this.#readers.get(path);
    if (reader === undefined) {
      reader = new PartReader(path, this.#open);
      this.#readers.set(path, reader);
    }
    return reader;
  }
}

/** Those whose traces are of the time that the id tells, and then the others: clocks may be wrong. */
function likeliestFirst(parts: readonly PartInfo[], traceId: string): PartInfo[] {
  const seconds = Number.parseInt(traceId.slice(2, 10), 16);
  const fits = ({ minTime, maxTime }: PartInfo): boolean => minTime <= seconds && seconds <= maxTime;
  const newestFirst = parts.toReversed();
  return [...newestFirst.filter(fits), ...newestFirst.filter((part) => !fits(part))];
}

/**
 * Ends a page that has looked at many traces and found few. The next one begins with the traces that were not looked at;
 * those that have to be looked at again for it, since they lie among others, do not count.
 */
function scanBound(pageScan: number, after: TracePlace | undefined, processed: () => number) {
  let free: number | undefined;
  let reached: number | undefined;
  return {
    stopsBefore(seconds: number): boolean {
      if (after !== undefined && seconds >= after.seconds) return false;
      free ??= processed();
      if (processed() - free < pageScan) return false;
      reached = seconds;
      return true;
    },
    next: (): Pick<TracePage, "next"> =>
      reached === undefined ? {} : { next: writeToken({ seconds: reached, id: lastTraceId }) },
  };
}

type Question<T> = (opened: readonly Open[]) => Promise<T>;
type OnGraph = (graph: ServiceGraph) => void;
type OnOverview = (overview: Overview) => void;

interface Range {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** Adds what the matching traces contribute within the range, about newest first. `onTurn` is called now and then. */
async function addTraces(
  opened: readonly Open[],
  { startSeconds, endSeconds, filter }: Range & { readonly filter?: Filter },
  target: CellTarget,
  onTurn: () => void = () => {},
): Promise<void> {
  const judge = new Judge(filter);
  const read = segmentReader(opened.map(({ snapshot }) => snapshot));
  const accepts = (trace: DigestView): boolean =>
    judge.lets(trace) &&
    (!judge.readsDocuments || (countsIn(trace, { startSeconds, endSeconds }) && judge.holdsForFigure(trace, read)));
  const clauses = filter === undefined ? [] : requiredTerms(filter);
  const wanted: Wanted = { startSeconds, endSeconds, rangeType: "Event", accepts, clauses };
  const all = opened.flatMap(({ snapshot, part }) => stretches(snapshot, part, wanted));
  const turns = new Turns();
  for (const stretch of all.sort((a, b) => b.newestSeconds - a.newestSeconds)) {
    for (const trace of stretch.candidates()) {
      if (accepts(trace)) contribute(trace, 1, target);
      if (turns.isOver()) {
        onTurn();
        await turns.pass();
      }
    }
  }
}

const within = ({ startSeconds, endSeconds }: Range, target: CellTarget): CellTarget => ({
  at: (seconds) => (seconds >= startSeconds && seconds < endSeconds ? target.at(seconds) : undefined),
});

const wholeMinutes = ({ startSeconds, endSeconds }: Range): Range => ({
  startSeconds: Math.ceil(startSeconds / 60) * 60,
  endSeconds: Math.floor(endSeconds / 60) * 60,
});

/** What the whole minutes of a range leave out at its ends. */
function edgesOf(range: Range, whole: Range): Range[] {
  const before = { startSeconds: range.startSeconds, endSeconds: whole.startSeconds };
  const after = { startSeconds: whole.endSeconds, endSeconds: range.endSeconds };
  return [before, after].filter(({ startSeconds, endSeconds }) => startSeconds < endSeconds);
}

/** Calls at most so often: a growing graph is worth sending when there is something new to see. */
function asTimePasses(send: () => void): () => void {
  let sentMs = performance.now();
  return () => {
    if (performance.now() - sentMs < partialMs) return;
    send();
    sentMs = performance.now();
  };
}
