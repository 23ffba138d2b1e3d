import { endsOf, type TimeSpan } from "../address/time-span.ts";

/**
 * The span of the same length right before or right after; after the present there is nothing, so that a step forward
 * that would reach it is the last so many seconds again.
 */
export function shiftTime(span: TimeSpan, step: -1 | 1, nowSeconds: number): TimeSpan {
  const { startSeconds, endSeconds } = endsOf(span, nowSeconds);
  const long = endSeconds - startSeconds;
  // The present has moved on since the step back was made.
  if (step === 1 && endSeconds + 1.25 * long >= nowSeconds) return { kind: "last", seconds: Math.round(long) };
  return { kind: "between", startSeconds: startSeconds + step * long, endSeconds: endSeconds + step * long };
}
