import type { RepeatedCalls } from "../../analysis/repeated-calls.ts";
import type { SpanColumns } from "../../analysis/span-columns.ts";
import { passage } from "./filter-rows.ts";

/**
 * The lines of a waterfall as they are seen: the index of a row; or, for siblings that are alike and folded into one, the
 * number of their group as `-1 - group`.
 */
export type Entries = Int32Array;

export interface EntriesOptions {
  /** The subtree that is looked at; -1 for all. */
  readonly focus: number;
  readonly isFolded: (row: number) => boolean;
  readonly groups: readonly RepeatedCalls[];
  /** For each row the group that it belongs to, or -1. */
  readonly groupOf: Int32Array;
  readonly isOpen: (group: number) => boolean;
  /** What a filter makes of the rows. What is filtered is not folded into groups: every row that passes counts. */
  readonly passages: Uint8Array | undefined;
}

/** What is seen of a waterfall, from top to bottom. The members of an open group stand together below its line. */
export function entriesOf({ count, sizes }: SpanColumns, options: EntriesOptions): Entries {
  const { focus, isFolded, groups, groupOf, isOpen, passages } = options;
  const entries = new Int32Array(count + (passages === undefined ? groups.length : 0));
  let length = 0;
  /** Ranges still to go through, the next last; a range of a member begins with a row that is told already. */
  const work: [row: number, end: number, isMember: boolean][] =
    focus < 0 ? [[0, count, false]] : [[focus, focus + sizes[focus]!, true]];
  for (let range = work.pop(); range !== undefined; range = work.pop()) {
    let [row, , isMember] = range;
    const end = range[1];
    while (row < end) {
      const size = sizes[row]!;
      const group = isMember || passages !== undefined ? -1 : groupOf[row]!;
      isMember = false;
      if (passages?.[row] === passage.hidden) {
        row += size;
      } else if (group < 0) {
        entries[length++] = row;
        row += isFolded(row) ? size : 1;
      } else if (groups[group]!.rows[0] !== row) {
        row += size;
      } else {
        entries[length++] = -1 - group;
        if (!isOpen(group)) {
          row += size;
          continue;
        }
        work.push([row + size, end, false]);
        for (const member of groups[group]!.rows.toReversed()) work.push([member, member + sizes[member]!, true]);
        break;
      }
    }
  }
  return entries.slice(0, length);
}

/** For each row the group that it belongs to, or -1. */
export function groupOfRows(count: number, groups: readonly RepeatedCalls[]): Int32Array {
  const groupOf = new Int32Array(count).fill(-1);
  groups.forEach(({ rows }, group) => {
    for (const row of rows) groupOf[row] = group;
  });
  return groupOf;
}

/** The row that an entry stands for: of a group, its first. */
export function rowOfEntry(entry: number, groups: readonly RepeatedCalls[]): number {
  return entry >= 0 ? entry : groups[-1 - entry]!.rows[0]!;
}

/** Where an entry is seen, or what it is folded into; -1 when nothing of that is there. */
export function positionOf(
  entries: Entries,
  entry: number,
  above: { readonly parents: Int32Array; readonly groupOf: Int32Array; readonly groups: readonly RepeatedCalls[] },
): number {
  const { parents, groupOf, groups } = above;
  const found = entries.indexOf(entry);
  if (found >= 0) return found;
  for (let at = rowOfEntry(entry, groups); at >= 0; at = parents[at]!) {
    const position = entries.indexOf(at);
    if (position >= 0) return position;
    const group = groupOf[at]!;
    const folded = group < 0 ? -1 : entries.indexOf(-1 - group);
    if (folded >= 0) return folded;
  }
  return -1;
}
