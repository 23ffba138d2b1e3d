import type { HistogramEntry } from "../../graph/service-graph.ts";
import type { TimeSeriesPoint } from "../trace-store.ts";

/** Numbers that each point begins with, before the pairs of its histogram. */
const headNumbers = 9;

/**
 * A series as one array of numbers: six hours of a busy edge have 50,000 entries of histograms, and crossing threads as
 * objects costs more than finding them.
 */
export function packSeries(points: readonly TimeSeriesPoint[]): Float64Array {
  const size = points.reduce((sum, { statistics }) => sum + headNumbers + 2 * statistics.histogram.length, 0);
  const packed = new Float64Array(size);
  let at = 0;
  for (const { startSeconds, statistics } of points) {
    const { ok, error, throttle, fault, total, estimated = 0, totalSeconds, histogram } = statistics;
    packed.set([startSeconds, ok, error, throttle, fault, total, estimated, totalSeconds, histogram.length], at);
    at += headNumbers;
    for (const { seconds, count } of histogram) {
      packed[at] = seconds;
      packed[at + 1] = count;
      at += 2;
    }
  }
  return packed;
}

/** What `packSeries` was given. */
export function unpackSeries(packed: Float64Array): TimeSeriesPoint[] {
  const points: TimeSeriesPoint[] = [];
  for (let at = 0; at < packed.length; ) {
    const end = at + headNumbers + 2 * packed[at + 8]!;
    const histogram: HistogramEntry[] = [];
    for (let pair = at + headNumbers; pair < end; pair += 2) {
      histogram.push({ seconds: packed[pair]!, count: packed[pair + 1]! });
    }
    points.push({
      startSeconds: packed[at]!,
      statistics: {
        ok: packed[at + 1]!,
        error: packed[at + 2]!,
        throttle: packed[at + 3]!,
        fault: packed[at + 4]!,
        total: packed[at + 5]!,
        ...(packed[at + 6]! > 0 && { estimated: packed[at + 6]! }),
        totalSeconds: packed[at + 7]!,
        histogram,
      },
    });
    at = end;
  }
  return points;
}
