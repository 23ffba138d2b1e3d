import type { TraceDigest } from "../trace/digest.ts";
import { type Cell, sumCells } from "./cell.ts";
import { Cells, type CellTarget, contribute } from "./cells.ts";
import { clientOf, fitsNode, type NodeMatch } from "./node-match.ts";
import type { Statistics } from "./service-graph.ts";
import { statistics } from "./statistics.ts";

/** Whose figures a time series shows: `service(…)`, `id(…)` or `edge(…)` of an entity selector expression. */
export type EntitySelector =
  | { readonly kind: "service"; readonly node: NodeMatch }
  | { readonly kind: "edge"; readonly from: NodeMatch; readonly to: NodeMatch };

/** The figures of one bucket. `startSeconds` is a multiple of the period. */
export interface SeriesPoint {
  readonly startSeconds: number;
  readonly statistics: Statistics;
}

export interface SeriesRange {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly periodSeconds: number;
}

/**
 * Adds up figures by bucket, from traces or, when the period is a multiple of a minute, from whole minutes
 * (`mergeMinute(bytes, series.at(minute * 60))`). The order does not matter.
 */
export class SeriesBuilder implements CellTarget {
  private readonly range: SeriesRange;
  private readonly selector: EntitySelector | undefined;
  private readonly buckets = new Map<number, Cells>();

  /** Without a selector the client edges are shown, so that `total` is the number of traces that entered. */
  constructor(range: SeriesRange, selector?: EntitySelector) {
    this.range = range;
    this.selector = selector;
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
    return [...this.buckets]
      .sort((a, b) => a[0] - b[0])
      .map(([bucket, cells]) => ({
        startSeconds: bucket * this.range.periodSeconds,
        statistics: statistics(sumCells(selectCells(cells, this.selector))),
      }))
      .filter((point) => point.statistics.total > 0);
  }
}

function selectCells(cells: Cells, selector: EntitySelector | undefined): Cell[] {
  if (selector === undefined) return cells.nodes.flatMap(({ entries }) => entries ?? []);
  if (selector.kind === "service") {
    return cells.nodes.filter(({ id }) => fitsNode(selector.node, id)).map(({ figures }) => figures);
  }
  const { from, to } = selector;
  return cells.nodes.flatMap((node) => {
    const found: Cell[] = [];
    if (node.entries !== undefined && fitsNode(from, clientOf(node.id)) && fitsNode(to, node.id))
      found.push(node.entries);
    if (!fitsNode(from, node.id)) return found;
    for (const [callee, cell] of node.calls) if (fitsNode(to, cells.nodes[callee]!.id)) found.push(cell);
    return found;
  });
}
