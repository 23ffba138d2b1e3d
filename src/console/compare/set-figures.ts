import type { GetTimeSeriesServiceStatisticsResponse, WireStatistics } from "../../api/wire.ts";
import { percentile } from "../../graph/percentile.ts";
import type { HistogramEntry } from "../../graph/service-graph.ts";

/** A set of traces in figures, by their entries. */
export interface SetFigures {
  readonly total: number;
  readonly fault: number;
  readonly error: number;
  readonly throttle: number;
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  /** Ascending. */
  readonly histogram: readonly HistogramEntry[];
}

/** The figures of all points of a time series together. */
export function setFigures({
  TimeSeriesServiceStatistics: points,
}: GetTimeSeriesServiceStatisticsResponse): SetFigures {
  const counts = { total: 0, fault: 0, error: 0, throttle: 0 };
  const durations = new Map<number, number>();
  for (const { EdgeSummaryStatistics, ServiceSummaryStatistics, ResponseTimeHistogram } of points) {
    add(counts, EdgeSummaryStatistics ?? ServiceSummaryStatistics);
    for (const { Value, Count } of ResponseTimeHistogram) durations.set(Value, (durations.get(Value) ?? 0) + Count);
  }
  const histogram = [...durations]
    .sort(([one], [other]) => one - other)
    .map(([seconds, count]): HistogramEntry => ({ seconds, count }));
  return {
    ...counts,
    p50: percentile(histogram, 50),
    p95: percentile(histogram, 95),
    p99: percentile(histogram, 99),
    histogram,
  };
}

function add(
  counts: { total: number; fault: number; error: number; throttle: number },
  statistics: WireStatistics | undefined,
): void {
  if (statistics === undefined) return;
  counts.total += statistics.TotalCount;
  counts.fault += statistics.FaultStatistics.TotalCount;
  counts.error += statistics.ErrorStatistics.OtherCount;
  counts.throttle += statistics.ErrorStatistics.ThrottleCount;
}
