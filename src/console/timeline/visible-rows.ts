import type { SpanTree } from "../../analysis/span-tree.ts";

/** The rows that are seen when those with the given ids are folded up. */
export function visibleRows({ rows }: SpanTree, folded: ReadonlySet<string>): number[] {
  const visible: number[] = [];
  for (let index = 0; index < rows.length; ) {
    const row = rows[index]!;
    visible.push(index);
    index += folded.has(row.segment.id) ? row.size : 1;
  }
  return visible;
}

/** Ids of all rows that have something below them. */
export function foldableIds({ rows }: SpanTree): string[] {
  return rows.flatMap((row) => (row.size > 1 ? row.segment.id : []));
}

/** Ids of the rows above one, from its parent up: unfolded, they let it be seen. */
export function idsAbove({ rows }: SpanTree, index: number): string[] {
  const ids: string[] = [];
  for (let row = rows[rows[index]?.parent ?? -1]; row !== undefined; row = rows[row.parent]) ids.push(row.segment.id);
  return ids;
}
