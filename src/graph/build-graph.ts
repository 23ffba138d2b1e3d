import type { TraceDigest } from "../trace/digest.ts";
import { addCells, Cells, type CellTarget, contribute } from "./cells.ts";
import { emitGraph } from "./emit-graph.ts";
import { encodeMinute, mergeMinute } from "./encode-minute.ts";
import type { ServiceGraph } from "./service-graph.ts";

/** The service graph of these traces: what ended in [start, end), and what has begun in it and still runs. */
export function serviceGraph(digests: Iterable<TraceDigest>, startSeconds: number, endSeconds: number): ServiceGraph {
  const builder = new GraphBuilder(startSeconds, endSeconds);
  for (const digest of digests) builder.add(digest);
  return builder.graph();
}

/** A service graph in the making, as data that crosses to another thread (`bytes` may be transferred). */
export interface GraphData {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly bytes: Uint8Array;
}

/**
 * Adds up a service graph from traces, from other builders, and from whole minutes (`mergeMinute(bytes, builder.cells)`).
 * The order does not matter.
 */
export class GraphBuilder implements CellTarget {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly cells: Cells = new Cells({ keepsSeconds: false });

  constructor(startSeconds: number, endSeconds: number) {
    this.startSeconds = startSeconds;
    this.endSeconds = endSeconds;
  }

  static fromData(data: GraphData): GraphBuilder {
    const builder = new GraphBuilder(data.startSeconds, data.endSeconds);
    mergeMinute(data.bytes, builder.cells);
    return builder;
  }

  at(seconds: number): Cells | undefined {
    return seconds >= this.startSeconds && seconds < this.endSeconds ? this.cells : undefined;
  }

  add(digest: TraceDigest): void {
    contribute(digest, 1, this);
  }

  merge(other: GraphBuilder): void {
    addCells(other.cells, this.cells);
  }

  toData(): GraphData {
    return { startSeconds: this.startSeconds, endSeconds: this.endSeconds, bytes: encodeMinute(this.cells) };
  }

  graph(): ServiceGraph {
    return emitGraph(this.cells, this.startSeconds, this.endSeconds);
  }
}
