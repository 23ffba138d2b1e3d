import type { Comparison } from "../../analysis/compare-traces.ts";

/** A difference below this share of the greatest is not worth a row of its own. */
const worthShare = 0.02;

/** The rows that differ, and those above them; all rows when nothing does. Indexes, in the order of the tree. */
export function differingRows({ rows, ranking }: Comparison): number[] {
  const greatest = Math.abs(rows[ranking[0] ?? -1]?.selfDeltaSeconds ?? 0);
  const shown = new Set<number>();
  for (const { index, a, b, selfDeltaSeconds } of rows) {
    const isOfOne = a === undefined || b === undefined;
    const isWorth = greatest > 0 && Math.abs(selfDeltaSeconds) >= worthShare * greatest;
    if (!isOfOne && !isWorth && a.state === b.state) continue;
    for (let at = index; at >= 0 && !shown.has(at); at = rows[at]!.parent) shown.add(at);
  }
  if (shown.size === 0) return rows.map(({ index }) => index);
  return [...shown].sort((one, other) => one - other);
}
