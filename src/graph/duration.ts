/**
 * Whole microseconds: as fine as a double holds the time of day, and exact to add and to take back. Nothing counts for
 * longer than X-Ray keeps traces: a program that says it began in 1970 must not cost the sums their exactness.
 */
export function durationMicros(startSeconds: number, endSeconds: number): number {
  const micros = Math.round((endSeconds - startSeconds) * 1_000_000);
  return Math.min(Math.max(0, micros), longestMicros);
}

/** Microseconds rounded to the millisecond that histograms and filters work with. */
export function microsToMillis(micros: number): number {
  return Math.round(micros / 1000);
}

const longestMicros = 30 * 24 * 3600 * 1_000_000;
