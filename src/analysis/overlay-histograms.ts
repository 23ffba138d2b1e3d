import type { HistogramEntry } from "../graph/service-graph.ts";

/** How many of two sets took so long: from so many seconds to less than so many. */
export interface OverlaidBin {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly a: number;
  readonly b: number;
}

/** The API rounds to milliseconds: what took less is counted here. */
const shortestSeconds = 0.0005;
/** Parts of a tenfold. */
const steps = [0.05, 0.1, 0.2, 0.25, 0.5, 1];

/** Two histograms on one scale of bars of equal ratio, at most so many. */
export function overlayHistograms(
  a: readonly HistogramEntry[],
  b: readonly HistogramEntry[],
  mostBins: number,
): OverlaidBin[] {
  const all = [...a, ...b].map(({ seconds }) => place(seconds));
  if (all.length === 0) return [];
  const low = all.reduce((least, each) => Math.min(least, each));
  const high = all.reduce((most, each) => Math.max(most, each));
  const step = steps.find((each) => Math.floor(high / each) - Math.floor(low / each) < mostBins) ?? 1;
  const first = Math.floor(low / step);
  const bins = Array.from({ length: Math.floor(high / step) - first + 1 }, (_, at) => ({
    fromSeconds: 10 ** ((first + at) * step),
    toSeconds: 10 ** ((first + at + 1) * step),
    a: 0,
    b: 0,
  }));
  for (const { seconds, count } of a) bins[Math.floor(place(seconds) / step) - first]!.a += count;
  for (const { seconds, count } of b) bins[Math.floor(place(seconds) / step) - first]!.b += count;
  return bins;
}

function place(seconds: number): number {
  return Math.log10(Math.max(shortestSeconds, seconds));
}
