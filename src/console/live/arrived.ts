import type { WireTraceSummary } from "../../api/wire.ts";

/** More than a reader would take in at once; the list asks the server again then anyway. */
export const mostArrived = 500;

/** Adds what came in to what waits to be read. */
export function noteArrived(
  waiting: ReadonlyMap<string, WireTraceSummary>,
  summaries: readonly WireTraceSummary[],
): Map<string, WireTraceSummary> {
  const next = new Map(waiting);
  // The server sends the newest first.
  for (const summary of summaries.toReversed()) {
    next.delete(summary.Id);
    next.set(summary.Id, summary);
  }
  for (const id of next.keys()) {
    if (next.size <= mostArrived) break;
    next.delete(id);
  }
  return next;
}
