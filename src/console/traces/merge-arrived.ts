import type { WireTraceSummary } from "../../api/wire.ts";

export interface MergedList {
  /** As loaded, each in its newest version. */
  readonly traces: readonly WireTraceSummary[];
  /** How many have come in that are not on the list: they wait until the reader asks for them. */
  readonly waiting: number;
}

/**
 * The list as it is to be shown, below what was taken in since it was loaded: what changed is renewed in its place, what is new waits, so that nothing moves under
 * the reader's eyes.
 */
export function mergeArrived(
  loaded: readonly WireTraceSummary[],
  arrived: ReadonlyMap<string, WireTraceSummary>,
  taken: readonly WireTraceSummary[] = [],
): MergedList {
  const listed = new Set<string>();
  const traces = [...taken, ...loaded].flatMap((summary) => {
    // Pages overlap where a trace moved while they were read.
    if (listed.has(summary.Id)) return [];
    listed.add(summary.Id);
    const newer = arrived.get(summary.Id);
    return newer !== undefined && newer.Revision > summary.Revision ? newer : summary;
  });
  const newest = loaded[0]?.StartTime ?? Number.NEGATIVE_INFINITY;
  let waiting = 0;
  // What is older than the newest on the list is further down, on a page that is not loaded yet.
  for (const [id, { StartTime }] of arrived) if (!listed.has(id) && StartTime >= newest) waiting += 1;
  return { traces, waiting };
}

/** What is to stand above the loaded list: what stood there, and all that is new, the newest first. */
export function takeArrived(
  taken: readonly WireTraceSummary[],
  loaded: readonly WireTraceSummary[],
  arrived: ReadonlyMap<string, WireTraceSummary>,
): WireTraceSummary[] {
  const listed = new Set([...taken, ...loaded].map(({ Id }) => Id));
  const newest = loaded[0]?.StartTime ?? Number.NEGATIVE_INFINITY;
  const fresh = [...arrived.values()].filter(({ Id, StartTime }) => !listed.has(Id) && StartTime >= newest);
  return [...fresh, ...taken].sort((a, b) => b.StartTime - a.StartTime);
}
