import { type Glyphs, type State, worst } from "./style.ts";
import type { Item } from "./trace-items.ts";

/** One line of a waterfall, before it is known how wide it may be. */
export interface WaterfallRow {
  /** The tree's lines. */
  readonly prefix: string;
  readonly name: string;
  readonly operation: string;
  /** Of a folded row: together. */
  readonly durationMs: number;
  readonly state: State;
  readonly inProgress: boolean;
  /** More than one in a folded row. */
  readonly stretches: readonly { readonly startMs: number; readonly endMs: number }[];
}

const fewestToFold = 3;

/**
 * The rows of a waterfall, depth first. Three or more siblings that are alike are one row. Beyond `mostRows` the
 * shortest items are left out; `left` says how many.
 */
export function waterfallRows(
  roots: readonly Item[],
  { glyphs, mostRows = 200 }: { readonly glyphs: Glyphs; readonly mostRows?: number },
): { rows: WaterfallRow[]; left: number } {
  const shortestMs = thresholdFor(roots, mostRows);
  const rows: WaterfallRow[] = [];
  let left = 0;

  // A stack, not a recursion: a chain of calls may be longer than the engine's own stack. The next row is at its end.
  const stack: { readonly group: Item[]; readonly prefix: string; readonly below: string }[] = [];
  const put = (items: readonly Item[], below: string, isTop: boolean): void => {
    const shown: Item[][] = [];
    for (const group of fold(items)) {
      if (isTop || group.some((item) => lengthOf(item) >= shortestMs)) shown.push(group);
      else left += sizeOf(group);
    }
    for (const [index, group] of shown.toReversed().entries()) {
      const isLast = index === 0;
      stack.push({
        group,
        prefix: isTop ? "" : below + (isLast ? glyphs.lastBranch : glyphs.branch),
        below: isTop ? "" : below + (isLast ? "  " : glyphs.trunk),
      });
    }
  };
  put(roots, "", true);
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    // Many may be as short as the shortest that are shown.
    if (rows.length >= mostRows) {
      left += sizeOf(next.group);
      continue;
    }
    rows.push(rowOf(next.group, next.prefix, glyphs));
    if (next.group.length === 1) put(next.group[0]!.children, next.below, false);
  }
  return { rows, left };
}

function fold(items: readonly Item[]): Item[][] {
  const alike = new Map<string, Item[]>();
  for (const item of items) {
    // Neither has a line break: both are ready to print.
    const key = `${item.name}\n${item.operation}`;
    const group = alike.get(key);
    if (group === undefined) alike.set(key, [item]);
    else group.push(item);
  }
  const groups = [...alike.values()].flatMap((group) =>
    group.length >= fewestToFold ? [group] : group.map((item) => [item]),
  );
  return groups.toSorted((a, b) => a[0]!.startMs - b[0]!.startMs);
}

function rowOf(group: readonly Item[], prefix: string, glyphs: Glyphs): WaterfallRow {
  const [first] = group as [Item];
  return {
    prefix,
    name: group.length === 1 ? first.name : `${group.length} ${glyphs.times} ${first.name}`,
    operation: first.operation,
    durationMs: group.reduce((sum, item) => sum + lengthOf(item), 0),
    state: worst(group.map(({ state }) => state)),
    inProgress: group.some(({ inProgress }) => inProgress),
    stretches: group.map(({ startMs, endMs }) => ({ startMs, endMs })),
  };
}

/** So short that only `mostRows` items are at least as long. A parent is hardly ever shorter than its children. */
function thresholdFor(roots: readonly Item[], mostRows: number): number {
  const lengths: number[] = [];
  const waiting: (readonly Item[])[] = [roots];
  for (let items = waiting.pop(); items !== undefined; items = waiting.pop()) {
    for (const group of fold(items)) {
      lengths.push(group.reduce((most, item) => Math.max(most, lengthOf(item)), 0));
      if (group.length === 1 && group[0]!.children.length > 0) waiting.push(group[0]!.children);
    }
  }
  if (lengths.length <= mostRows) return 0;
  return lengths.toSorted((a, b) => b - a)[mostRows - 1]!;
}

const lengthOf = ({ startMs, endMs }: Item): number => endMs - startMs;
const sizeOf = (group: readonly Item[]): number => group.reduce((sum, { size }) => sum + size, 0);
