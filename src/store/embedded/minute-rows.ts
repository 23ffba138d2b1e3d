import { Cells, type CellTarget } from "../../graph/cells.ts";
import { decodeMinute, encodeMinute } from "../../graph/encode-minute.ts";
import type { Database, Statement } from "./driver.ts";

/** Minutes kept decoded: what arrives now falls into the last few. */
const keptMinutes = 8;

/** The figures per minute of one part: folded into memory, saved when a run is sealed. */
export class MinuteRows implements CellTarget {
  readonly #read: Statement;
  readonly #write: Statement;
  /** The one used last comes last. */
  readonly #cells = new Map<number, Cells>();
  readonly #changed = new Set<number>();

  constructor(database: Database) {
    this.#read = database.prepare("SELECT cells FROM minute WHERE minute = ?");
    this.#write = database.prepare("INSERT OR REPLACE INTO minute (minute, cells) VALUES (?, ?)");
  }

  at(seconds: number): Cells {
    const minute = Math.floor(seconds / 60);
    this.#changed.add(minute);
    let cells = this.#cells.get(minute);
    if (cells === undefined) {
      const row = this.#read.get(minute) as { cells: Uint8Array } | undefined;
      cells = row === undefined ? new Cells({ keepsSeconds: true }) : decodeMinute(row.cells);
      this.#cells.set(minute, cells);
    }
    return cells;
  }

  /** Within the caller's transaction. */
  save(): void {
    for (const minute of this.#changed) {
      const cells = this.#cells.get(minute)!;
      this.#write.run(minute, encodeMinute(cells));
      this.#cells.delete(minute);
      this.#cells.set(minute, cells);
    }
    this.#changed.clear();
    for (const minute of this.#cells.keys()) {
      if (this.#cells.size <= keptMinutes) break;
      this.#cells.delete(minute);
    }
  }
}
