import { histogramColumns } from "../../graph/histogram.ts";
import type { HistogramEntry } from "../../graph/service-graph.ts";
import { finished, totalSeconds } from "../../graph/statistics.ts";
import type { SeriesFigures } from "../../graph/time-series.ts";
import type { TimeSeriesPoint } from "../trace-store.ts";

/** Numbers that each point begins with, before the durations of its histogram and their counts. */
const headNumbers = 9;

/**
 * A series as one array of numbers: six hours of a busy edge have 50,000 entries of histograms, and making objects of them
 * on both sides of a thread costs more than finding them.
 */
export function packSeries(figures: readonly SeriesFigures[]): Float64Array {
  const points = figures.map((point) => ({ ...point, ...histogramColumns(point.cell.durations) }));
  const packed = new Float64Array(points.reduce((sum, { millis }) => sum + headNumbers + 2 * millis.length, 0));
  let at = 0;
  for (const { startSeconds, cell, millis, counts } of points) {
    const { ok, error, throttle, fault, estimated } = cell;
    packed.set([startSeconds, ok, error, throttle, fault, finished(cell), estimated, totalSeconds(cell)], at);
    packed[at + 8] = millis.length;
    packed.set(millis, at + headNumbers);
    packed.set(counts, at + headNumbers + millis.length);
    at += headNumbers + 2 * millis.length;
  }
  return packed;
}

/** The points of what `packSeries` was given. */
export function unpackSeries(packed: Float64Array): TimeSeriesPoint[] {
  const points: TimeSeriesPoint[] = [];
  for (let at = 0; at < packed.length; ) {
    const length = packed[at + 8]!;
    const [millis, counts] = [at + headNumbers, at + headNumbers + length];
    const histogram: HistogramEntry[] = [];
    for (let entry = 0; entry < length; entry++) {
      histogram.push({ seconds: packed[millis + entry]! / 1000, count: packed[counts + entry]! });
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
    at = counts + length;
  }
  return points;
}
