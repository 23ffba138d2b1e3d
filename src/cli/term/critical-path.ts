import type { Item } from "./trace-items.ts";

/** A service's share of the time that the root took: what would have to get faster for the whole to get faster. */
export interface Share {
  readonly service: string;
  readonly ms: number;
  /** Of the whole, 0 to 1. */
  readonly share: number;
}

/**
 * Walks back from the root's end: at each moment the time belongs to the child that ended last before it, or to the
 * parent where no child was at work. Largest shares first.
 */
export function criticalPath(root: Item): Share[] {
  const spent = new Map<string, number>();
  const walk = (item: Item, endMs: number): void => {
    let at = endMs;
    let own = 0;
    for (const child of item.children.toSorted((a, b) => b.endMs - a.endMs)) {
      // A child may outlive its parent; nobody waited for the rest of it.
      const childEnd = Math.min(child.endMs, endMs);
      if (childEnd > at || child.startMs >= childEnd || child.startMs < item.startMs) continue;
      own += at - childEnd;
      walk(child, childEnd);
      at = child.startMs;
    }
    own += Math.max(0, at - item.startMs);
    spent.set(item.service, (spent.get(item.service) ?? 0) + own);
  };
  walk(root, root.endMs);
  const total = Math.max(root.endMs - root.startMs, Number.EPSILON);
  return [...spent]
    .map(([service, ms]) => ({ service, ms, share: ms / total }))
    .filter(({ share }) => share >= 0.01)
    .toSorted((a, b) => b.ms - a.ms);
}
