import { useCallback, useMemo, useState } from "react";
import { type RepeatedCalls, repeatedCalls } from "../../analysis/repeated-calls.ts";
import type { SpanColumns } from "../../analysis/span-columns.ts";
import { type Entries, entriesOf, groupOfRows } from "./entries.ts";

/** What of a waterfall is folded up, and what is therefore seen. */
export interface Folding {
  readonly entries: Entries;
  readonly groups: readonly RepeatedCalls[];
  readonly groupOf: Int32Array;
  readonly isFolded: (row: number) => boolean;
  readonly isOpen: (group: number) => boolean;
  readonly fold: (rows: readonly number[], isFolded: boolean) => void;
  readonly openGroup: (group: number, isOpen: boolean) => void;
  readonly foldAll: () => void;
  readonly unfoldAll: () => void;
  /** Unfolds whatever hides a row. */
  readonly reveal: (row: number) => void;
}

/** By id: a trace that grows stays as it was folded. All are alike but the exceptions, so that folding all is one step. */
interface Folded {
  readonly isAll: boolean;
  readonly except: ReadonlySet<string>;
  /** Ids of the first rows of groups that are open. */
  readonly open: ReadonlySet<string>;
}

const nothing: Folded = { isAll: false, except: new Set(), open: new Set() };

/** Which rows of a waterfall are folded up. */
export function useFolding(
  trace: SpanColumns,
  { focus, passages }: { readonly focus: number; readonly passages: Uint8Array | undefined },
): Folding {
  const [folded, setFolded] = useState<Folded>(nothing);
  const groups = useMemo(() => repeatedCalls(trace), [trace]);
  const groupOf = useMemo(() => groupOfRows(trace.count, groups), [trace, groups]);
  const isFolded = useMemo(() => {
    const rows = new Set([...folded.except].map((id) => trace.ids.rowOf(id)));
    return (row: number): boolean => folded.isAll !== rows.has(row);
  }, [trace, folded]);
  const isOpen = useMemo(() => {
    const rows = new Set([...folded.open].map((id) => trace.ids.rowOf(id)));
    return (group: number): boolean => rows.has(groups[group]!.rows[0]!);
  }, [trace, groups, folded]);
  const entries = useMemo(
    () => entriesOf(trace, { focus, isFolded, groups, groupOf, isOpen, passages }),
    [trace, focus, isFolded, groups, groupOf, isOpen, passages],
  );
  const fold = useCallback(
    (rows: readonly number[], areFolded: boolean) =>
      setFolded((before) => {
        const except = new Set(before.except);
        for (const row of rows) {
          if (areFolded === before.isAll) except.delete(trace.ids.at(row));
          else except.add(trace.ids.at(row));
        }
        return { ...before, except };
      }),
    [trace],
  );
  const openGroup = useCallback(
    (group: number, isToOpen: boolean) =>
      setFolded((before) => {
        const open = new Set(before.open);
        const id = trace.ids.at(groups[group]!.rows[0]!);
        if (isToOpen) open.add(id);
        else open.delete(id);
        return { ...before, open };
      }),
    [trace, groups],
  );
  return {
    ...{ entries, groups, groupOf, isFolded, isOpen, fold, openGroup },
    foldAll: () => setFolded((before) => ({ ...before, isAll: true, except: nothing.except })),
    unfoldAll: () => setFolded((before) => ({ ...before, isAll: false, except: nothing.except })),
    reveal: (row) => {
      const above: number[] = [];
      for (let at = trace.parents[row] ?? -1; at >= 0; at = trace.parents[at]!) above.push(at);
      fold(above, false);
      for (const at of [row, ...above]) if (groupOf[at]! >= 0) openGroup(groupOf[at]!, true);
    },
  };
}
