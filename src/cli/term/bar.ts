import type { Glyphs } from "./style.ts";

/** A stretch of a bar, in cells from its left end; fractions welcome. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * A bar of `width` cells with some stretches filled, to an eighth of a cell at their ends. However short, a stretch
 * shows.
 */
export function bar(stretches: readonly Stretch[], width: number, glyphs: Glyphs): string {
  const cells: string[] = Array.from({ length: width }, () => " ");
  for (const { start, end } of joined(stretches)) fill(cells, start, end, glyphs);
  return cells.join("");
}

/** Stretches with less than a quarter of a cell between them are one. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const whole: Stretch[] = [];
  for (const next of stretches.toSorted((a, b) => a.start - b.start)) {
    const last = whole.at(-1);
    if (last && next.start - last.end < 0.25)
      whole[whole.length - 1] = { start: last.start, end: Math.max(last.end, next.end) };
    else whole.push(next);
  }
  return whole;
}

function fill(cells: string[], start: number, end: number, glyphs: Glyphs): void {
  const from = Math.max(0, Math.min(start, cells.length - 1 / 8));
  const to = Math.min(cells.length, Math.max(end, from + 1 / 8));
  const first = Math.floor(from);
  const last = Math.ceil(to) - 1;
  if (first === last) {
    const eighths = Math.max(1, Math.round((to - from) * 8));
    // Blocks can only be filled from the left; a short stretch that lies in the right half is shown as that half.
    put(cells, first, from - first >= 0.5 && eighths > 1 ? glyphs.rightHalf : glyphs.eighths[eighths]!, glyphs);
    return;
  }
  const offset = from - first;
  const eighths = Math.round((to - last) * 8);
  if (offset < 0.75) put(cells, first, offset < 0.25 ? glyphs.eighths[8]! : glyphs.rightHalf, glyphs);
  for (let cell = first + 1; cell < last; cell++) put(cells, cell, glyphs.eighths[8]!, glyphs);
  // What is too short for either of its two cells shows in the second.
  put(cells, last, glyphs.eighths[offset >= 0.75 && last === first + 1 ? Math.max(1, eighths) : eighths]!, glyphs);
}

function put(cells: string[], cell: number, glyph: string, glyphs: Glyphs): void {
  if (glyph !== " " && cells[cell] !== glyphs.eighths[8]) cells[cell] = glyph;
}
