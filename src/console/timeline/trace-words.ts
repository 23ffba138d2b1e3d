import type { Skeleton } from "../../analysis/skeleton.ts";
import { spanFlag } from "../../analysis/span-columns.ts";

export { traceWords } from "../../analysis/skeleton-of.ts";

/** Who has been silent for so long will not finish. */
export const silentSeconds = 600;

/** How many rows have a flag. */
export function countFlagged({ count, flags }: Pick<Skeleton, "count" | "flags">, flag: number): number {
  let found = 0;
  for (let row = 0; row < count; row += 1) if ((flags[row]! & flag) !== 0) found += 1;
  return found;
}

/** Until when work in progress is drawn: now, unless it has been silent for so long that nobody waits for it. */
export function drawnUntil(trace: Skeleton, nowSeconds: number): number {
  const { isPartial, endSeconds } = trace;
  const isWaitedFor = isPartial && nowSeconds - endSeconds < silentSeconds;
  return isWaitedFor && countFlagged(trace, spanFlag.inProgress) > 0 ? Math.max(nowSeconds, endSeconds) : endSeconds;
}
