import type { TraceDigest } from "../trace/digest.ts";
import { type Cell, sumCells } from "./cell.ts";
import { Cells, type CellTarget, contribute } from "./cells.ts";
import { type CellChoice, chooseCells, chosenCells, type EntitySelector } from "./choose-cells.ts";
import type { Statistics } from "./service-graph.ts";
import { finished, statistics } from "./statistics.ts";

/** The figures of one bucket. `startSeconds` is a multiple of the period. */
export interface SeriesPoint {
  readonly startSeconds: number;
  readonly statistics: Statistics;
}

/** What a point is told from. */
export interface SeriesFigures {
  readonly startSeconds: number;
  readonly cell: Cell;
}

export interface SeriesRange {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly periodSeconds: number;
}

/**
 * Adds up figures by bucket, from traces or, when the period is a multiple of a minute, from whole minutes
 * (`mergeMinute(bytes, series.at(minute * 60), series.choice)`). The order does not matter.
 */
export class SeriesBuilder implements CellTarget {
  private readonly range: SeriesRange;
  /** The cells that are shown; minutes need no others. */
  readonly choice: CellChoice;
  private readonly buckets = new Map<number, Cells>();

  /** Without a selector the client edges are shown, so that `total` is the number of traces that entered. */
  constructor(range: SeriesRange, selector?: EntitySelector) {
    this.range = range;
    this.choice = chooseCells(selector);
  }

  add(digest: TraceDigest): void {
    contribute(digest, 1, this);
  }

  at(seconds: number): Cells | undefined {
    const { startSeconds, endSeconds, periodSeconds } = this.range;
    if (seconds < startSeconds || seconds >= endSeconds) return undefined;
    const bucket = Math.floor(seconds / periodSeconds);
    let cells = this.buckets.get(bucket);
    if (cells === undefined) {
      cells = new Cells({ keepsSeconds: false });
      this.buckets.set(bucket, cells);
    }
    return cells;
  }

  /** Buckets in which something finished, ascending. */
  points(): SeriesPoint[] {
    return this.figures().map(({ startSeconds, cell }) => ({ startSeconds, statistics: statistics(cell) }));
  }

  /** The same points, not told yet. */
  figures(): SeriesFigures[] {
    return [...this.buckets]
      .sort((a, b) => a[0] - b[0])
      .map(([bucket, cells]) => ({
        startSeconds: bucket * this.range.periodSeconds,
        cell: sumCells(chosenCells(cells, this.choice)),
      }))
      .filter(({ cell }) => finished(cell) > 0);
  }
}
