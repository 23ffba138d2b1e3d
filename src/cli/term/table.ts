import { cut, padEnd, padStart, widthOf } from "./fit-text.ts";
import type { Style } from "./style.ts";

export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  readonly align?: "left" | "right";
  /** Colours the fitted cell. */
  readonly paint?: (cell: string, row: Row) => string;
  /** Gives way when the lines get too wide; the last such column first. */
  readonly isFlexible?: boolean;
}

const gap = 2;

/** Rows under titles, columns as wide as they need to be, none of the lines wider than the terminal. */
export function drawTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: Style): string[] {
  const cells = rows.map((row) => columns.map((column) => column.text(row)));
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...cells.map((row) => widthOf(row[index]!))),
  );
  const excess = (): number => sum(widths) + gap * (columns.length - 1) - style.width;
  for (const isFlexible of [true, false]) {
    for (const [index, column] of [...columns.entries()].toReversed()) {
      if ((column.isFlexible ?? false) !== isFlexible || excess() <= 0) continue;
      widths[index] = Math.max(isFlexible ? 8 : 3, widths[index]! - excess());
    }
  }
  const line = (texts: readonly string[], paint: (cell: string, index: number) => string): string =>
    texts
      .map((text, index) => {
        const width = widths[index]!;
        const fitted = cut(text, width, style.glyphs);
        const isLast = index === columns.length - 1;
        const cell =
          columns[index]!.align === "right" ? padStart(fitted, width) : isLast ? fitted : padEnd(fitted, width);
        return paint(cell, index);
      })
      .join(" ".repeat(gap))
      .trimEnd();
  return [
    line(
      columns.map(({ title }) => title),
      (cell) => style.paint.dim(cell),
    ),
    ...rows.map((row, at) => line(cells[at]!, (cell, index) => columns[index]!.paint?.(cell, row) ?? cell)),
  ];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
