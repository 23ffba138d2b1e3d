import type { SpanColumns } from "../../analysis/span-columns.ts";
import { positionOf, rowOfEntry } from "./entries.ts";
import type { Folding } from "./use-folding.ts";

/** What a key does to a waterfall. */
export type WaterfallAction =
  | { readonly kind: "go"; readonly entry: number }
  | { readonly kind: "open"; readonly row: number }
  | { readonly kind: "fold"; readonly rows: readonly number[]; readonly isFolded: boolean }
  | { readonly kind: "group"; readonly group: number; readonly isOpen: boolean };

export interface WaterfallState {
  readonly trace: SpanColumns;
  readonly folding: Pick<Folding, "entries" | "groups" | "groupOf" | "isFolded" | "isOpen">;
  /** The entry that the keyboard is on. */
  readonly active: number;
  /** Rows that a page has. */
  readonly page: number;
}

/** The keys of a treegrid: arrows move, fold and unfold, `*` unfolds siblings, Enter opens. */
export function waterfallKey(
  key: string,
  { trace, folding, active, page }: WaterfallState,
): WaterfallAction | undefined {
  const { entries, groups, groupOf, isFolded, isOpen } = folding;
  if (entries.length === 0) return undefined;
  const position = Math.max(0, positionOf(entries, active, { parents: trace.parents, groupOf, groups }));
  const entry = entries[position]!;
  const row = rowOfEntry(entry, groups);
  const go = (to: number): WaterfallAction => ({
    kind: "go",
    entry: entries[Math.min(entries.length - 1, Math.max(0, to))]!,
  });
  const group = entry < 0 ? -1 - entry : -1;
  const hasChildren = group < 0 && trace.sizes[row]! > 1;
  switch (key) {
    case "ArrowDown":
    case "j":
      return go(position + 1);
    case "ArrowUp":
    case "k":
      return go(position - 1);
    case "PageDown":
      return go(position + page);
    case "PageUp":
      return go(position - page);
    case "Home":
      return go(0);
    case "End":
      return go(entries.length - 1);
    case "ArrowRight":
      if (group >= 0) return isOpen(group) ? go(position + 1) : { kind: "group", group, isOpen: true };
      if (!hasChildren) return undefined;
      return isFolded(row) ? { kind: "fold", rows: [row], isFolded: false } : go(position + 1);
    case "ArrowLeft": {
      if (group >= 0 && isOpen(group)) return { kind: "group", group, isOpen: false };
      if (hasChildren && !isFolded(row)) return { kind: "fold", rows: [row], isFolded: true };
      const above = group < 0 ? groupOf[row]! : -1;
      if (above >= 0 && entries.includes(-1 - above)) return { kind: "go", entry: -1 - above };
      const parent = trace.parents[row]!;
      return parent >= 0 ? { kind: "go", entry: parent } : undefined;
    }
    case "*": {
      const siblings = siblingsOf(trace, row).filter((each) => trace.sizes[each]! > 1);
      return { kind: "fold", rows: siblings, isFolded: false };
    }
    case "Enter":
    case " ":
      return group >= 0 ? { kind: "group", group, isOpen: !isOpen(group) } : { kind: "open", row };
    default:
      return undefined;
  }
}

function siblingsOf({ parents, sizes, count }: SpanColumns, row: number): number[] {
  const parent = parents[row]!;
  const end = parent < 0 ? count : parent + sizes[parent]!;
  const siblings: number[] = [];
  for (let each = parent + 1; each < end; each += sizes[each]!) siblings.push(each);
  return siblings;
}
