import { addCells, Cells, type CellTarget, contribute } from "../../graph/cells.ts";
import type { CellChoice } from "../../graph/choose-cells.ts";
import { mergeMinute } from "../../graph/encode-minute.ts";
import { DigestView } from "./digest-view.ts";
import type { Snapshot } from "./part-reader.ts";
import { Turns } from "./turns.ts";

interface Range {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/**
 * Adds the figures of the minutes in the range, which begins and ends with one, to what is in charge of each; those that
 * are not chosen may be left out.
 */
export async function addMinutes(
  opened: readonly { readonly snapshot: Snapshot }[],
  { startSeconds, endSeconds }: Range,
  into: (minute: number) => Cells | undefined,
  choice?: CellChoice,
): Promise<void> {
  const [first, end] = [startSeconds / 60, endSeconds / 60];
  const turns = new Turns();
  for (const { snapshot } of opened) {
    const corrected = new CorrectedMinutes(snapshot, first, end);
    for (const [minute, cells] of corrected.minutes) addTo(into(minute), (target) => addCells(cells, target));
    const rows = snapshot.prepare("SELECT minute, cells FROM minute WHERE minute >= ? AND minute < ?");
    for (const row of rows.iterate(first, end)) {
      const { minute, cells } = row as { minute: number; cells: Uint8Array };
      if (!corrected.minutes.has(minute)) addTo(into(minute), (target) => mergeMinute(cells, target, choice));
      if (turns.isOver()) await turns.pass();
    }
  }
}

function addTo(target: Cells | undefined, add: (target: Cells) => void): void {
  if (target !== undefined) add(target);
}

/** The minutes that the tail touches: as they are kept, with the tail's versions put in and those it supersedes taken out. */
class CorrectedMinutes implements CellTarget {
  readonly minutes = new Map<number, Cells>();
  readonly #snapshot: Snapshot;
  readonly #first: number;
  readonly #end: number;

  constructor(snapshot: Snapshot, first: number, end: number) {
    this.#snapshot = snapshot;
    this.#first = first;
    this.#end = end;
    const tail = (snapshot.runs.at(-1)?.last_seq ?? 0) + 1;
    this.#fold("SELECT digest FROM superseded WHERE seq < ?", tail, -1);
    this.#fold("SELECT digest FROM trace WHERE seq >= ?", tail, 1);
  }

  at(seconds: number): Cells | undefined {
    const minute = Math.floor(seconds / 60);
    if (minute < this.#first || minute >= this.#end) return undefined;
    let cells = this.minutes.get(minute);
    if (cells === undefined) {
      cells = new Cells({ keepsSeconds: true });
      const row = this.#snapshot.prepare("SELECT cells FROM minute WHERE minute = ?").get(minute);
      if (row !== undefined) mergeMinute((row as { cells: Uint8Array }).cells, cells);
      this.minutes.set(minute, cells);
    }
    return cells;
  }

  #fold(sql: string, seq: number, sign: 1 | -1): void {
    for (const { digest } of this.#snapshot.prepare(sql).all(seq) as { digest: Uint8Array }[]) {
      contribute(new DigestView(digest, this.#snapshot.dictionary), sign, this);
    }
  }
}
