/** Whole microseconds: as fine as a double holds the time of day, and exact to add and to take back. */
export function durationMicros(startSeconds: number, endSeconds: number): number {
  return Math.max(0, Math.round((endSeconds - startSeconds) * 1_000_000));
}

/** Microseconds rounded to the millisecond that histograms and filters work with. */
export function microsToMillis(micros: number): number {
  return Math.round(micros / 1000);
}
