/** A mark on the axis of a waterfall, `at` from 0 to 1. */
export interface Tick {
  readonly at: number;
  readonly seconds: number;
}

/** Marks at round times from 0 to the end, at most so many. */
export function ticks(durationSeconds: number, most: number): Tick[] {
  if (durationSeconds <= 0) return [{ at: 0, seconds: 0 }];
  const rough = durationSeconds / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough * 0.999) ?? rough;
  const marks: Tick[] = [];
  for (let count = 0; count * step <= durationSeconds * 1.000001; count += 1) {
    marks.push({ at: Math.min(1, (count * step) / durationSeconds), seconds: count * step });
  }
  return marks;
}
