import type { WireTimeSeriesPoint } from "../../api/wire.ts";
import { percentile } from "../../graph/percentile.ts";
import { countsOf, sumOf } from "./count-points.ts";

/** Rate, errors and duration over time: one entry a step, steps without calls included. */
export interface RedSeries {
  /** Where each step starts. */
  readonly seconds: readonly number[];
  readonly perSecond: readonly number[];
  /** Shares of the calls, in percent; `undefined` where there were none. */
  readonly error: readonly (number | undefined)[];
  readonly throttle: readonly (number | undefined)[];
  readonly fault: readonly (number | undefined)[];
  /** Seconds. */
  readonly p50: readonly (number | undefined)[];
  readonly p95: readonly (number | undefined)[];
  readonly p99: readonly (number | undefined)[];
}

export interface SeriesRange {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly periodSeconds: number;
}

/** The series of a range, from the steps in which something happened. */
export function redSeries(points: readonly WireTimeSeriesPoint[], range: SeriesRange): RedSeries {
  const { startSeconds, endSeconds, periodSeconds } = range;
  const first = Math.floor(startSeconds / periodSeconds);
  const count = Math.max(1, Math.ceil(endSeconds / periodSeconds) - first);
  const bySlot = new Map(points.map((point) => [Math.round(point.Timestamp / periodSeconds) - first, point]));
  const steps = Array.from({ length: count }, (_, slot) => {
    const point = bySlot.get(slot);
    const counts = point === undefined ? { ok: 0, error: 0, throttle: 0, fault: 0 } : countsOf(point);
    const total = sumOf(counts);
    const histogram = (point?.ResponseTimeHistogram ?? [])
      .map(({ Value, Count }) => ({ seconds: Value, count: Count }))
      .sort((a, b) => a.seconds - b.seconds);
    const share = (part: number): number | undefined => (total === 0 ? undefined : (100 * part) / total);
    return {
      seconds: (first + slot) * periodSeconds,
      perSecond: total / periodSeconds,
      error: share(counts.error),
      throttle: share(counts.throttle),
      fault: share(counts.fault),
      p50: percentile(histogram, 50),
      p95: percentile(histogram, 95),
      p99: percentile(histogram, 99),
    };
  });
  const column = <Name extends keyof (typeof steps)[number]>(name: Name): (typeof steps)[number][Name][] =>
    steps.map((step) => step[name]);
  return {
    seconds: column("seconds"),
    perSecond: column("perSecond"),
    error: column("error"),
    throttle: column("throttle"),
    fault: column("fault"),
    p50: column("p50"),
    p95: column("p95"),
    p99: column("p99"),
  };
}
