import type { TraceDigest } from "../../trace/digest.ts";
import { spanOf } from "../trace-span.ts";
import type { Database } from "./driver.ts";

/** What is known of a part without looking at its traces. Extremes are bounds: a trace that changed may have left them. */
export interface PartFigures {
  readonly traces: number;
  readonly segments: number;
  /** When the last new trace came. */
  readonly arrived: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly minStart: number;
  readonly maxStart: number;
  readonly maxEnd: number;
  readonly maxUntil: number;
  /** Seconds from start to `until` at most: how far before a range a trace may have begun that counts in it. */
  readonly longest: number;
  /** Seconds that something of a trace counts before its start at most; 0 unless somebody's clock was set back. */
  readonly early: number;
}

const none: PartFigures = {
  ...{ traces: 0, segments: 0, arrived: Number.NEGATIVE_INFINITY, longest: 0, early: 0 },
  ...{ minTime: Number.POSITIVE_INFINITY, maxTime: Number.NEGATIVE_INFINITY },
  ...{ minStart: Number.POSITIVE_INFINITY, maxStart: Number.NEGATIVE_INFINITY },
  ...{ maxEnd: Number.NEGATIVE_INFINITY, maxUntil: Number.NEGATIVE_INFINITY },
};

/** The figures with a trace in its new form; `before` is the form that it replaces. */
export function withTrace(
  figures: PartFigures,
  digest: TraceDigest,
  before: TraceDigest | undefined,
  nowSeconds: number,
): PartFigures {
  const { idSeconds, startSeconds, endSeconds } = digest;
  const { from, until } = spanOf(digest);
  return {
    traces: figures.traces + (before === undefined ? 1 : 0),
    segments: figures.segments + realSegments(digest) - (before === undefined ? 0 : realSegments(before)),
    arrived: before === undefined ? Math.max(figures.arrived, nowSeconds) : figures.arrived,
    minTime: Math.min(figures.minTime, idSeconds),
    maxTime: Math.max(figures.maxTime, idSeconds),
    minStart: Math.min(figures.minStart, startSeconds),
    maxStart: Math.max(figures.maxStart, startSeconds),
    maxEnd: Math.max(figures.maxEnd, endSeconds),
    maxUntil: Math.max(figures.maxUntil, until),
    longest: Math.max(figures.longest, until - startSeconds),
    early: Math.max(figures.early, startSeconds - from),
  };
}

/** The figures without a trace that was taken out. */
export function withoutTrace(figures: PartFigures, digest: TraceDigest): PartFigures {
  const traces = figures.traces - 1;
  if (traces === 0) return { ...none, arrived: figures.arrived };
  return { ...figures, traces, segments: figures.segments - realSegments(digest) };
}

/** Segments that somebody sent. */
function realSegments(digest: TraceDigest): number {
  let count = 0;
  for (const segment of digest.segments) if (!segment.inferred) count++;
  return count;
}

export function readFigures(database: Database): PartFigures {
  const row = database.prepare("SELECT * FROM part").get() as Record<string, number | null>;
  return {
    traces: row.traces ?? 0,
    segments: row.segments ?? 0,
    arrived: row.arrived ?? none.arrived,
    minTime: row.min_time ?? none.minTime,
    maxTime: row.max_time ?? none.maxTime,
    minStart: row.min_start ?? none.minStart,
    maxStart: row.max_start ?? none.maxStart,
    maxEnd: row.max_end ?? none.maxEnd,
    maxUntil: row.max_until ?? none.maxUntil,
    longest: row.longest ?? 0,
    early: row.early ?? 0,
  };
}

/** Within the caller's transaction; marks the part as one that is being written. */
export function writeFigures(database: Database, figures: PartFigures): void {
  const { traces, segments, arrived, minTime, maxTime, minStart, maxStart, maxEnd, maxUntil, longest, early } = figures;
  database
    .prepare(
      "UPDATE part SET is_clean = 0, traces = ?, segments = ?, arrived = ?, min_time = ?, max_time = ?, min_start = ?, max_start = ?, " +
        "max_end = ?, max_until = ?, longest = ?, early = ?",
    )
    .run(traces, segments, arrived, minTime, maxTime, minStart, maxStart, maxEnd, maxUntil, longest, early);
}
