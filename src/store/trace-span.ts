import { countedAt } from "../graph/cells.ts";
import type { TraceDigest } from "../trace/digest.ts";

/**
 * The first and the last moment at which anything of a trace counts. That is its start and end, unless a call ends after
 * its segment, something in progress began after all that has ended, or a clock was set back.
 */
export function spanOf(digest: TraceDigest): { readonly from: number; readonly until: number } {
  let from = digest.startSeconds;
  let until = digest.endSeconds;
  for (const list of [digest.segments, digest.calls]) {
    for (const timed of list) {
      const seconds = countedAt(timed);
      if (seconds < from) from = seconds;
      if (seconds > until) until = seconds;
    }
  }
  return { from, until };
}

/** Whether anything of a trace may count in a range. */
export function countsIn(digest: TraceDigest, range: { startSeconds: number; endSeconds: number }): boolean {
  const { from, until } = spanOf(digest);
  return from < range.endSeconds && until >= range.startSeconds;
}
