import { type Heatmap, heatRows, rowStart } from "../../analysis/heatmap.ts";

/** A range of durations: the clause that finds its traces. */
export type Band = string;

/** About so many traces make a band: one or two pages of them. */
const bandTraces = 150;

/**
 * Durations cut into ranges that hold few traces each, the longest first: read one after the other, they give all traces
 * of a list that can only be asked for by time in the order of their durations.
 */
export function durationBands({ cells }: Heatmap): Band[] {
  const counts = new Array<number>(heatRows).fill(0);
  for (const [place, traces] of cells) counts[place % heatRows]! += traces;
  const bands: Band[] = [];
  let upper: number | undefined;
  let held = 0;
  for (let row = heatRows - 1; row >= 0; row -= 1) {
    const count = counts[row]!;
    // One that is full is shut before a row that would make it much fuller.
    if (held > 0 && held + count > bandTraces) {
      bands.push(clause(row + 1, upper));
      upper = row + 1;
      held = 0;
    }
    held += count;
  }
  if (held > 0 || bands.length === 0) bands.push(clause(0, upper));
  return bands;
}

function clause(lowest: number, upper: number | undefined): Band {
  const from = `duration >= ${lowest === 0 ? 0 : wholeMs(lowest)}`;
  return upper === undefined ? from : `${from} AND duration < ${wholeMs(upper)}`;
}

/** Durations are compared to the millisecond: the first whole one of a row is where it begins. */
const wholeMs = (row: number): number => Math.ceil(rowStart(row) * 1000 - 1e-6) / 1000;
