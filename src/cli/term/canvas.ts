import { widthOf } from "./fit-text.ts";
import type { Glyphs } from "./style.ts";

type Painter = (text: string) => string;

interface Cell {
  /** Directions of the lines that meet here: 1 up, 2 right, 4 down, 8 left. */
  directions: number;
  text: string | undefined;
  paint: Painter | undefined;
}

/** A grid of character cells for boxes and lines; lines that meet join. */
export class Canvas {
  readonly #rows: Cell[][];
  readonly #glyphs: Glyphs;

  constructor(columns: number, rows: number, glyphs: Glyphs) {
    this.#glyphs = glyphs;
    this.#rows = Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => ({ directions: 0, text: undefined, paint: undefined })),
    );
  }

  /** A line along a row, both ends included; ends do not reach beyond their cell. */
  horizontal(row: number, from: number, to: number, paint: Painter): void {
    for (let column = from; column <= to; column++) {
      this.#join(row, column, (column > from ? 8 : 0) | (column < to ? 2 : 0), paint);
    }
  }

  vertical(column: number, from: number, to: number, paint: Painter): void {
    for (let row = from; row <= to; row++) this.#join(row, column, (row > from ? 1 : 0) | (row < to ? 4 : 0), paint);
  }

  box(left: number, top: number, width: number, height: number, paint: Painter): void {
    const [right, bottom] = [left + width - 1, top + height - 1];
    this.horizontal(top, left, right, paint);
    this.horizontal(bottom, left, right, paint);
    this.vertical(left, top, bottom, paint);
    this.vertical(right, top, bottom, paint);
  }

  /** Text over whatever is there; wide characters take two cells. */
  text(row: number, column: number, text: string, paint: Painter): void {
    let at = column;
    for (const { segment } of new Intl.Segmenter().segment(text)) {
      const width = widthOf(segment);
      if (width === 0) continue;
      for (let extra = 0; extra < width; extra++) {
        const cell = this.#rows[row]?.[at + extra];
        if (cell) Object.assign(cell, { text: extra === 0 ? segment : "", paint });
      }
      at += width;
    }
  }

  /** One string per row, without blanks at the end. */
  lines(): string[] {
    return this.#rows.map((row) => {
      const last = row.findLastIndex((cell) => this.#sign(cell) !== " ");
      let line = "";
      let run = "";
      let paint: Painter | undefined;
      for (const cell of row.slice(0, last + 1)) {
        if (cell.paint !== paint) {
          line += paint ? paint(run) : run;
          run = "";
          paint = cell.paint;
        }
        run += this.#sign(cell);
      }
      return line + (run !== "" && paint ? paint(run) : run);
    });
  }

  #join(row: number, column: number, directions: number, paint: Painter): void {
    const cell = this.#rows[row]![column]!;
    cell.directions |= directions;
    cell.paint ??= paint;
  }

  #sign({ text, directions }: Cell): string {
    return text ?? this.#glyphs.lines[directions]!;
  }
}
