import type { SpanTree } from "../../analysis/span-tree.ts";

/** What a key does to a waterfall. */
export type WaterfallAction =
  | { readonly kind: "go" | "open"; readonly index: number }
  | { readonly kind: "fold"; readonly ids: readonly string[]; readonly isFolded: boolean };

export interface WaterfallState {
  readonly tree: SpanTree;
  readonly visible: readonly number[];
  readonly active: number;
  readonly isFolded: (id: string) => boolean;
  /** Rows that a page has. */
  readonly page: number;
}

/** The keys of a treegrid: arrows move, fold and unfold, `*` unfolds siblings, Enter opens. */
export function waterfallKey(key: string, state: WaterfallState): WaterfallAction | undefined {
  const { tree, visible, active, isFolded, page } = state;
  const position = Math.max(0, visible.indexOf(active));
  const row = tree.rows[active];
  if (row === undefined) return undefined;
  const go = (to: number): WaterfallAction => {
    return { kind: "go", index: visible[Math.min(visible.length - 1, Math.max(0, to))]! };
  };
  const { id } = row.segment;
  const hasChildren = row.size > 1;
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
      return go(visible.length - 1);
    case "ArrowRight":
      if (!hasChildren) return undefined;
      return isFolded(id) ? { kind: "fold", ids: [id], isFolded: false } : go(position + 1);
    case "ArrowLeft":
      if (hasChildren && !isFolded(id)) return { kind: "fold", ids: [id], isFolded: true };
      return row.parent >= 0 ? { kind: "go", index: row.parent } : undefined;
    case "*": {
      const siblings = tree.rows.filter((each) => each.parent === row.parent && each.size > 1);
      return { kind: "fold", ids: siblings.map((each) => each.segment.id), isFolded: false };
    }
    case "Enter":
    case " ":
      return { kind: "open", index: active };
    default:
      return undefined;
  }
}
