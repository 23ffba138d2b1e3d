import type { HistogramEntry } from "../../graph/service-graph.ts";

/** A bar of a latency histogram: calls that took from so long to less than so long. */
export interface Bin {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly count: number;
}

const shortest = 0.0005;

/**
 * Bars of equal ratio, so that milliseconds and seconds are both to be seen: from the fastest to the slowest call, in
 * round steps of their logarithm.
 */
export function binHistogram(histogram: readonly HistogramEntry[], mostBins: number): Bin[] {
  const first = histogram[0];
  const last = histogram.at(-1);
  if (first === undefined || last === undefined) return [];
  const low = Math.log10(Math.max(shortest, first.seconds));
  const high = Math.log10(Math.max(shortest, last.seconds));
  const step = steps.find((each) => Math.floor(high / each) - Math.floor(low / each) + 1 <= mostBins) ?? steps.at(-1)!;
  const from = Math.floor(low / step);
  const counts = new Array<number>(Math.floor(high / step) - from + 1).fill(0);
  for (const { seconds, count } of histogram) {
    const at = Math.floor(Math.log10(Math.max(shortest, seconds)) / step) - from;
    counts[Math.min(counts.length - 1, Math.max(0, at))]! += count;
  }
  return counts.map((count, at) => ({
    fromSeconds: 10 ** ((from + at) * step),
    toSeconds: 10 ** ((from + at + 1) * step),
    count,
  }));
}

/** Parts of a tenfold. */
const steps = [0.05, 0.1, 0.2, 0.25, 0.5, 1];
