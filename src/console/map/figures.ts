import { percentile } from "../../graph/percentile.ts";
import type { HistogramEntry } from "../../graph/service-graph.ts";

/** How often, how fast and how well a service, a call or a group of them answered. */
export interface Figures {
  readonly ok: number;
  readonly error: number;
  readonly throttle: number;
  readonly fault: number;
  readonly total: number;
  /** Of `total`, those that tail sampling did not keep, where there are any. */
  readonly estimated?: number;
  readonly perSecond: number;
  readonly meanSeconds: number | undefined;
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  /** Ascending. */
  readonly histogram: readonly HistogramEntry[];
}

/** What is counted, before rates and percentiles are made of it. */
export interface Counted {
  readonly ok: number;
  readonly error: number;
  readonly throttle: number;
  readonly fault: number;
  readonly estimated?: number;
  readonly totalSeconds: number;
  /** Ascending. */
  readonly histogram: readonly HistogramEntry[];
}

/** Rates and percentiles of what was counted over a window. */
export function figuresOf({ totalSeconds, histogram, ...counts }: Counted, windowSeconds: number): Figures {
  const total = counts.ok + counts.error + counts.throttle + counts.fault;
  return {
    ...counts,
    total,
    perSecond: total / windowSeconds,
    meanSeconds: total === 0 ? undefined : totalSeconds / total,
    p50: percentile(histogram, 50),
    p95: percentile(histogram, 95),
    p99: percentile(histogram, 99),
    histogram,
  };
}

/** The figures of several together, as if they were one. */
export function sumFigures(all: readonly Figures[], windowSeconds: number): Figures {
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  const sum = { ok: 0, error: 0, throttle: 0, fault: 0, totalSeconds: 0 };
  let estimated = 0;
  const counts = new Map<number, number>();
  for (const figures of all) {
    sum.ok += figures.ok;
    sum.error += figures.error;
    sum.throttle += figures.throttle;
    sum.fault += figures.fault;
    estimated += figures.estimated ?? 0;
    sum.totalSeconds += (figures.meanSeconds ?? 0) * figures.total;
    for (const { seconds, count } of figures.histogram) counts.set(seconds, (counts.get(seconds) ?? 0) + count);
  }
  const histogram = [...counts].map(([seconds, count]) => ({ seconds, count })).sort((a, b) => a.seconds - b.seconds);
  return figuresOf({ ...sum, ...(estimated > 0 && { estimated }), histogram }, windowSeconds);
}
