import type { SpanRow } from "../../analysis/span-tree.ts";

/** Seconds from the start to the end of a row; up to `nowSeconds` while it runs. */
export function spanSeconds({ segment }: SpanRow, nowSeconds: number): number {
  return Math.max(0, (segment.endSeconds ?? nowSeconds) - segment.startSeconds);
}
