import type { TraceDigest } from "../trace/digest.ts";

/** How many traces began when and took how long: columns of time, rows of duration, each row so many times as long. */
export interface Heatmap {
  readonly startSeconds: number;
  readonly columnSeconds: number;
  readonly columns: number;
  /** Those that hold a trace. */
  readonly cells: readonly HeatCell[];
}

/** `place` is column × `heatRows` + row. A trace counts as often as it stands for others. How its traces went is told of their entries; one trace is one of these at most. */
type HeatCell = readonly [place: number, traces: number, faults: number, errors: number, throttles: number];

/** Six rows make a tenfold; the lowest begins at a millisecond, the highest ends beyond two hours. */
export const heatRows = 42;
const rowsPerTenfold = 6;

/** The row of a duration. What is shorter or longer than all rows is in the first or the last one. */
export function rowOf(seconds: number): number {
  // As filters compare durations: to the millisecond, so that a part of the picture can be put into their words.
  const ms = Math.max(1, Math.round(seconds * 1000));
  // What is a row's very beginning must not slip below it by rounding.
  return Math.min(heatRows - 1, Math.floor(Math.log10(ms) * rowsPerTenfold + 1e-9));
}

/** The shortest duration of a row, which is the end of the one below. */
export function rowStart(row: number): number {
  return 10 ** (row / rowsPerTenfold) / 1000;
}

/** How a trace went for whoever asked: what its entry says, a throttle being an error of its own kind. */
export type Outcome = "ok" | "fault" | "error" | "throttle";

/** The outcome of a trace, as lists and pictures show it. */
export function outcomeOf({ entry: index, segments }: Pick<TraceDigest, "entry" | "segments">): Outcome {
  const entry = index === undefined ? undefined : segments[index];
  if (entry === undefined) return "ok";
  if (entry.fault) return "fault";
  if (!entry.error) return "ok";
  return segments.some((segment) => segment.throttle) ? "throttle" : "error";
}

const figures = 4;
const figureOf: Readonly<Record<Exclude<Outcome, "ok">, number>> = { fault: 1, error: 2, throttle: 3 };

/** Counts traces into cells. */
export class HeatmapBuilder {
  readonly #startSeconds: number;
  readonly #columnSeconds: number;
  readonly #columns: number;
  readonly #counts: Uint32Array;

  constructor(range: { readonly startSeconds: number; readonly endSeconds: number }, columns: number) {
    this.#startSeconds = range.startSeconds;
    this.#columnSeconds = Math.max(1e-3, (range.endSeconds - range.startSeconds) / columns);
    this.#columns = columns;
    this.#counts = new Uint32Array(columns * heatRows * figures);
  }

  add({ startSeconds, endSeconds, weight = 1 }: TraceDigest, outcome: Outcome): void {
    // What began before the range and went on into it is at its edge.
    const column = Math.floor((startSeconds - this.#startSeconds) / this.#columnSeconds);
    const inside = Math.min(this.#columns - 1, Math.max(0, column));
    const at = (inside * heatRows + rowOf(endSeconds - startSeconds)) * figures;
    this.#counts[at]! += weight;
    if (outcome !== "ok") this.#counts[at + figureOf[outcome]]! += weight;
  }

  heatmap(): Heatmap {
    const cells: HeatCell[] = [];
    const counts = this.#counts;
    for (let at = 0; at < counts.length; at += figures) {
      if (counts[at] === 0) continue;
      cells.push([at / figures, counts[at]!, counts[at + 1]!, counts[at + 2]!, counts[at + 3]!]);
    }
    return { startSeconds: this.#startSeconds, columnSeconds: this.#columnSeconds, columns: this.#columns, cells };
  }
}
