import type { CriticalPath, Share } from "../../analysis/critical-path.ts";

/** The critical path as canvases need it: for each row that is on it, from when to when, by turns. */
export interface PathOfRows {
  readonly shares: readonly Share[];
  readonly of: (row: number) => readonly number[];
}

/** A critical path, row by row. */
export function pathOfRows({ stretches, shares }: CriticalPath): PathOfRows {
  const rows = new Map<number, number[]>();
  for (const { row, startSeconds, endSeconds } of stretches) {
    const known = rows.get(row);
    if (known === undefined) rows.set(row, [startSeconds, endSeconds]);
    else known.push(startSeconds, endSeconds);
  }
  return { shares, of: (row) => rows.get(row) ?? none };
}

const none: readonly number[] = [];
