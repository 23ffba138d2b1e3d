import { type Heatmap, heatRows, rowStart } from "../../analysis/heatmap.ts";
import type { View, ViewChange } from "../address/view-address.ts";
import { joinClauses, splitClauses } from "../filter-bar/clauses.ts";

/** A part of the heatmap, in whole cells, both ends included. */
export interface HeatBox {
  readonly fromColumn: number;
  readonly toColumn: number;
  readonly fromRow: number;
  readonly toRow: number;
}

/** What is in a part. */
export interface HeatFigures {
  readonly traces: number;
  readonly faults: number;
  readonly errors: number;
  readonly throttles: number;
}

/** The traces in a part, counted. */
export function countIn({ cells }: Heatmap, { fromColumn, toColumn, fromRow, toRow }: HeatBox): HeatFigures {
  const sum = { traces: 0, faults: 0, errors: 0, throttles: 0 };
  for (const [place, traces, faults, errors, throttles] of cells) {
    const column = Math.floor(place / heatRows);
    const row = place % heatRows;
    if (column < fromColumn || column > toColumn || row < fromRow || row > toRow) continue;
    sum.traces += traces;
    sum.faults += faults;
    sum.errors += errors;
    sum.throttles += throttles;
  }
  return sum;
}

/** When and how long the traces of a part are. The lowest row has no lower end, the highest no upper one. */
export function meaningOf(
  { startSeconds, columnSeconds }: Heatmap,
  { fromColumn, toColumn, fromRow, toRow }: HeatBox,
): {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly shortestSeconds: number | undefined;
  readonly longestSeconds: number | undefined;
} {
  return {
    startSeconds: startSeconds + fromColumn * columnSeconds,
    endSeconds: startSeconds + (toColumn + 1) * columnSeconds,
    shortestSeconds: fromRow === 0 ? undefined : wholeMs(rowStart(fromRow)),
    longestSeconds: toRow >= heatRows - 1 ? undefined : wholeMs(rowStart(toRow + 1)),
  };
}

/** Narrows a view down to a part: the time, and the duration as clauses, which take the place of those before. */
export function boxedView(heatmap: Heatmap, box: HeatBox, { filter, span }: View): ViewChange {
  const { startSeconds, endSeconds, shortestSeconds, longestSeconds } = meaningOf(heatmap, box);
  const rest = splitClauses(filter).filter((clause) => !/^duration (>=|<) [\d.]+$/.test(clause));
  const clauses = [
    ...rest,
    ...(shortestSeconds === undefined ? [] : [`duration >= ${shortestSeconds}`]),
    ...(longestSeconds === undefined ? [] : [`duration < ${longestSeconds}`]),
  ];
  const isWholeTime = box.fromColumn === 0 && box.toColumn === heatmap.columns - 1;
  return {
    filter: joinClauses(clauses),
    span: isWholeTime ? span : { kind: "between", startSeconds, endSeconds },
  };
}

/** Durations are compared to the millisecond: the first whole one of a row is where it begins. */
function wholeMs(seconds: number): number {
  return Math.ceil(seconds * 1000 - 1e-6) / 1000;
}
