/** A mark on the axis of a waterfall, `at` from 0 to 1. */
export interface Tick {
  readonly at: number;
  readonly seconds: number;
}

/** Marks at round times over so many seconds from a start on, at most so many. */
export function ticks(lengthSeconds: number, most: number, startSeconds = 0): Tick[] {
  if (lengthSeconds <= 0) return [{ at: 0, seconds: startSeconds }];
  const rough = lengthSeconds / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough * 0.999) ?? rough;
  const marks: Tick[] = [];
  for (let count = Math.max(0, Math.ceil(startSeconds / step - 1e-6)); ; count += 1) {
    const at = (count * step - startSeconds) / lengthSeconds;
    if (at > 1.000001) return marks;
    marks.push({ at: Math.min(1, Math.max(0, at)), seconds: count * step });
  }
}
