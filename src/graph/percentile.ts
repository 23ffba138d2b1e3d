import type { HistogramEntry } from "./service-graph.ts";

/**
 * The duration in seconds that `percent` of the calls did not exceed (nearest rank); `undefined` without calls.
 *
 * @example percentile(node.statistics.histogram, 95)
 */
export function percentile(histogram: readonly HistogramEntry[], percent: number): number | undefined {
  const total = histogram.reduce((sum, entry) => sum + entry.count, 0);
  const rank = Math.max(1, Math.ceil((total * percent) / 100));
  let seen = 0;
  for (const entry of histogram) {
    seen += entry.count;
    if (seen >= rank) return entry.seconds;
  }
  return histogram.at(-1)?.seconds;
}
