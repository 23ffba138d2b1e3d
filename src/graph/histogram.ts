import type { HistogramEntry } from "./service-graph.ts";
import type { Tally } from "./tally.ts";

/** Up to here every distinct millisecond has its own entry. */
export const exactEntries = 1000;

/** The durations as a histogram, ascending: exact, or to three significant digits where there are too many of them. */
export function histogram(durations: Tally): HistogramEntry[] {
  const { millis, counts } = histogramColumns(durations);
  return Array.from(millis, (value, at) => ({ seconds: value / 1000, count: counts[at]! }));
}

/** A histogram without an object for each entry: the durations, and beside each how often it was seen. */
export interface HistogramColumns {
  readonly millis: Float64Array;
  readonly counts: Float64Array;
}

/** The same as `histogram`, for those who have many of them and pass them on. */
export function histogramColumns(durations: Tally): HistogramColumns {
  const millis = durations.values();
  const counts = millis.map((value) => durations.count(value));
  return millis.length > exactEntries ? toThreeDigits(millis, counts) : { millis, counts };
}

/** 1,234 ms falls into 1,230 to 1,240 and is told as the middle of it, 1,235. Below a second nothing changes. */
function toThreeDigits(millis: Float64Array, counts: Float64Array): HistogramColumns {
  let length = 0;
  let width = 1;
  for (let at = 0; at < millis.length; at += 1) {
    const value = millis[at]!;
    const count = counts[at]!;
    while (value >= 1000 * width) width *= 10;
    const middle = Math.floor(value / width) * width + Math.floor(width / 2);
    if (length > 0 && millis[length - 1] === middle) {
      counts[length - 1]! += count;
      continue;
    }
    millis[length] = middle;
    counts[length] = count;
    length += 1;
  }
  return { millis: millis.subarray(0, length), counts: counts.subarray(0, length) };
}
