import type { RepeatedCalls } from "../../analysis/repeated-calls.ts";
import { endOf } from "../../analysis/self-time.ts";
import type { SpanColumns } from "../../analysis/span-columns.ts";
import { formatDuration } from "../ui/format.ts";

/** Seconds from the start to the end of a row; up to `untilSeconds` while it runs. */
export function rowSeconds(trace: SpanColumns, row: number, untilSeconds: number): number {
  const end = Number.isNaN(trace.ends[row]!) ? untilSeconds : endOf(trace, row);
  return Math.max(0, end - trace.starts[row]!);
}

/** How long repeated calls took, each. */
export function eachText({ minSeconds, maxSeconds }: RepeatedCalls): string {
  const [low, high] = [formatDuration(minSeconds), formatDuration(maxSeconds)];
  if (low === high) return `${low} each`;
  const [, unit] = high.split(" ");
  return low.endsWith(` ${unit}`) && low.split(" ").length === 2
    ? `${low.split(" ")[0]}–${high} each`
    : `${low}–${high} each`;
}
