import { type Heatmap, heatRows, rowOf, rowStart } from "../../analysis/heatmap.ts";
import type { Size } from "../map/viewport.ts";
import type { HeatBox } from "./heat-box.ts";

/** Where cells stand on the picture, and which cell stands at a place. */
export interface HeatScale {
  /** The rows that are shown: all that hold traces, and some air. */
  readonly lowRow: number;
  readonly highRow: number;
  readonly x: (column: number) => number;
  /** The upper edge of a row. */
  readonly y: (row: number) => number;
  readonly columnAt: (x: number) => number;
  readonly rowAt: (y: number) => number;
  /** Durations worth a line. */
  readonly marks: readonly number[];
}

/** Room for the labels of durations on the left, and of times below. */
export const plotLeft = 52;
export const plotBelow = 18;
const top = 6;
const leastRows = 18;

/** Times from left to right, durations from bottom to top, each tenfold as high as the next. */
export function heatScale({ cells, columns }: Heatmap, { width, height }: Size): HeatScale {
  const rows = cells.map(([place]) => place % heatRows);
  let low = rows.length === 0 ? 0 : rows.reduce((least, row) => Math.min(least, row));
  let high = rows.length === 0 ? 0 : rows.reduce((most, row) => Math.max(most, row));
  // A row of air above and below; never so few rows that a cell would look like a block.
  low = Math.max(0, low - 1);
  high = Math.min(heatRows - 1, high + 1);
  const missing = Math.max(0, leastRows - (high - low + 1));
  low = Math.max(0, low - Math.ceil(missing / 2));
  high = Math.min(heatRows - 1, Math.max(high, low + leastRows - 1));
  const count = high - low + 1;
  const cellWidth = Math.max(1, width - plotLeft - 8) / columns;
  const cellHeight = Math.max(1, height - top - plotBelow) / count;
  const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
  const marks = [0.001, 0.01, 0.1, 1, 10, 100, 1_000].filter((mark) => rowOf(mark) >= low && rowOf(mark) <= high);
  return {
    lowRow: low,
    highRow: high,
    x: (column) => plotLeft + column * cellWidth,
    y: (row) => top + (high - row) * cellHeight,
    columnAt: (x) => clamp(Math.floor((x - plotLeft) / cellWidth), 0, columns - 1),
    rowAt: (y) => clamp(high - Math.floor((y - top) / cellHeight), low, high),
    marks,
  };
}

/** The part between two cells, whichever way it was drawn. */
export function boxBetween(
  a: { readonly column: number; readonly row: number },
  b: { readonly column: number; readonly row: number },
): HeatBox {
  return {
    fromColumn: Math.min(a.column, b.column),
    toColumn: Math.max(a.column, b.column),
    fromRow: Math.min(a.row, b.row),
    toRow: Math.max(a.row, b.row),
  };
}

/** Where a duration's line stands: at the beginning of its row. */
export function markY({ y }: HeatScale, seconds: number): number {
  const row = rowOf(seconds);
  const within = Math.log10(seconds / rowStart(row)) * 6;
  return y(row - 1 + within);
}

/** Moments worth a label, at most about one in 110 pixels, on round times. */
export function timeMarks({ startSeconds, columnSeconds, columns }: Heatmap, width: number): number[] {
  const span = columnSeconds * columns;
  const most = Math.max(2, Math.floor((width - plotLeft) / 110));
  const steps = [1, 5, 15, 30, 60, 300, 600, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];
  const step = steps.find((each) => span / each <= most) ?? 2_592_000;
  const marks: number[] = [];
  // Whole hours where the reader is, not in Greenwich.
  const zone = new Date(startSeconds * 1000).getTimezoneOffset() * 60;
  for (let at = Math.ceil((startSeconds - zone) / step) * step + zone; at < startSeconds + span; at += step) {
    marks.push(at);
  }
  return marks;
}
