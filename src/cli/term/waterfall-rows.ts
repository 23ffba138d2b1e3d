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

  const draw = (items: readonly Item[], below: string, isTop: boolean): void => {
    const groups = fold(items);
    const shown: Item[][] = [];
    for (const group of groups) {
      if (isTop || group.some((item) => lengthOf(item) >= shortestMs)) shown.push(group);
      else left += group.reduce((sum, item) => sum + sizeOf(item), 0);
    }
    for (const [index, group] of shown.entries()) {
      const isLast = index === shown.length - 1;
      rows.push(rowOf(group, isTop ? "" : below + (isLast ? glyphs.lastBranch : glyphs.branch), glyphs));
      if (group.length === 1) draw(group[0]!.children, isTop ? "" : below + (isLast ? "  " : glyphs.trunk), false);
    }
  };
  draw(roots, "", true);
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
  const collect = (items: readonly Item[]): void => {
    for (const group of fold(items)) {
      lengths.push(Math.max(...group.map(lengthOf)));
      if (group.length === 1) collect(group[0]!.children);
    }
  };
  collect(roots);
  if (lengths.length <= mostRows) return 0;
  return lengths.toSorted((a, b) => b - a)[mostRows - 1]!;
}

const lengthOf = ({ startMs, endMs }: Item): number => endMs - startMs;
const sizeOf = (item: Item): number => 1 + item.children.reduce((sum, child) => sum + sizeOf(child), 0);
