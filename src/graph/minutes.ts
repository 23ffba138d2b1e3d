import { Cells, type CellTarget } from "./cells.ts";

/** Cells by epoch minute: what is folded live, and what a store keeps as rollups. */
export class Minutes implements CellTarget {
  readonly cells: Map<number, Cells> = new Map();
  private touched = new Set<number>();
  private first = Number.NEGATIVE_INFINITY;
  /** Most segments follow another of the same minute. */
  private last: { readonly minute: number; readonly cells: Cells } | undefined;

  /** None for a minute that was dropped: what comes late for it is lost, and taken back nowhere. */
  at(seconds: number): Cells | undefined {
    const minute = Math.floor(seconds / 60);
    if (this.last?.minute === minute) return this.last.cells;
    if (minute < this.first) return undefined;
    let cells = this.cells.get(minute);
    if (cells === undefined) {
      cells = new Cells({ keepsSeconds: true });
      this.cells.set(minute, cells);
    }
    this.touched.add(minute);
    this.last = { minute, cells };
    return cells;
  }

  /** The minutes that hold cells and overlap [start, end). */
  *within(startSeconds: number, endSeconds: number): Iterable<Cells> {
    const first = Math.floor(startSeconds / 60);
    const end = Math.ceil(endSeconds / 60);
    for (const [minute, cells] of this.cells) if (minute >= first && minute < end) yield cells;
  }

  /** The minutes that contributions went to since the last call, ascending. */
  takeTouched(): number[] {
    const touched = [...this.touched].sort((a, b) => a - b);
    this.touched = new Set();
    this.last = undefined;
    return touched;
  }

  dropBefore(seconds: number): void {
    this.first = Math.max(this.first, Math.floor(seconds / 60));
    for (const minute of this.cells.keys()) if (minute < this.first) this.cells.delete(minute);
    for (const minute of this.touched) if (minute < this.first) this.touched.delete(minute);
    this.last = undefined;
  }
}
