import type { GetTimeSeriesServiceStatisticsResponse } from "../../api/wire.ts";

/** Where a duration stands among others. */
export interface Rank {
  /** Of those that took less time, and half of those that took as long: 0 to 1. */
  readonly share: number;
  readonly count: number;
  readonly medianSeconds: number;
}

type Series = GetTimeSeriesServiceStatisticsResponse["TimeSeriesServiceStatistics"];

/** Ranks a duration among the histograms of a time series, whose values are rounded to milliseconds. */
export function rankAmong(series: Series, seconds: number): Rank | undefined {
  const counts = new Map<number, number>();
  for (const { ResponseTimeHistogram } of series) {
    for (const { Value, Count } of ResponseTimeHistogram ?? []) counts.set(Value, (counts.get(Value) ?? 0) + Count);
  }
  const entries = [...counts].sort(([a], [b]) => a - b);
  const count = entries.reduce((sum, [, each]) => sum + each, 0);
  if (count === 0) return undefined;
  const own = Math.round(seconds * 1_000) / 1_000;
  let below = 0;
  let passed = 0;
  let medianSeconds: number | undefined;
  for (const [value, each] of entries) {
    if (value < own) below += each;
    else if (value === own) below += each / 2;
    passed += each;
    if (medianSeconds === undefined && passed * 2 >= count) medianSeconds = value;
  }
  return { share: below / count, count, medianSeconds: medianSeconds ?? 0 };
}
