import { useCallback, useMemo, useState } from "react";
import type { SpanTree } from "../../analysis/span-tree.ts";
import { foldableIds, idsAbove, visibleRows } from "./visible-rows.ts";

export interface Folding {
  /** Indexes of the rows that are not hidden beneath a folded one. */
  readonly visible: readonly number[];
  readonly isFolded: (id: string) => boolean;
  readonly fold: (ids: readonly string[], isFolded: boolean) => void;
  readonly foldAll: () => void;
  readonly unfoldAll: () => void;
  /** Unfolds whatever hides a row. */
  readonly reveal: (index: number) => void;
}

/** Which rows of a waterfall are folded up. By id: a trace that grows stays as it was folded. */
export function useFolding(tree: SpanTree): Folding {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const visible = useMemo(() => visibleRows(tree, folded), [tree, folded]);
  const fold = useCallback((ids: readonly string[], isFolded: boolean) => {
    setFolded((before) => {
      const next = new Set(before);
      for (const id of ids) {
        if (isFolded) next.add(id);
        else next.delete(id);
      }
      return next;
    });
  }, []);
  return {
    visible,
    fold,
    isFolded: (id) => folded.has(id),
    foldAll: () => setFolded(new Set(foldableIds(tree))),
    unfoldAll: () => setFolded(new Set()),
    reveal: (index) => fold(idsAbove(tree, index), false),
  };
}
