import type { HistogramEntry } from "./service-graph.ts";
import type { Tally } from "./tally.ts";

/** Up to here every distinct millisecond has its own entry. */
export const exactEntries = 1000;

/** The durations as a histogram, ascending: exact, or to three significant digits where there are too many of them. */
export function histogram(durations: Tally): HistogramEntry[] {
  const exact = durations.entries();
  const entries = exact.length > exactEntries ? toThreeDigits(exact) : exact;
  return entries.map(([millis, count]) => ({ seconds: millis / 1000, count }));
}

/** 1,234 ms falls into 1,230 to 1,240 and is told as the middle of it, 1,235. Below a second nothing changes. */
function toThreeDigits(exact: readonly (readonly [millis: number, count: number])[]): [number, number][] {
  const entries: [number, number][] = [];
  let width = 1;
  for (const [millis, count] of exact) {
    while (millis >= 1000 * width) width *= 10;
    const middle = Math.floor(millis / width) * width + Math.floor(width / 2);
    const last = entries.at(-1);
    if (last !== undefined && last[0] === middle) last[1] += count;
    else entries.push([middle, count]);
  }
  return entries;
}
