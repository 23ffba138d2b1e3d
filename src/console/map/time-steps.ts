import type { TimeSpan } from "../address/time-span.ts";

/** Steps that a range is cut into: at most so many. */
const mostSteps = 60;
const periods = [60, 300, 900, 3_600, 10_800, 86_400];

/** How long each step of a range is, in seconds. */
export function stepSeconds(span: TimeSpan): number {
  const seconds = span.kind === "last" ? span.seconds : span.endSeconds - span.startSeconds;
  return periods.find((period) => seconds / period <= mostSteps) ?? periods.at(-1)!;
}
