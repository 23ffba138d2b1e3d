import type { TraceDigest } from "../trace/digest.ts";
import type { NodeId } from "../trace/trace.ts";
import { addCells, Cells, contribute, countedAt } from "./cells.ts";
import { emitGraph } from "./emit-graph.ts";
import { Minutes } from "./minutes.ts";
import { clientOf } from "./node-match.ts";
import { NodeTable } from "./node-table.ts";
import type { ServiceGraph } from "./service-graph.ts";

/** What folding touched since it was last asked for: plain data, to send to whoever draws the graph. */
export interface GraphChange {
  /** Epoch minutes, ascending. */
  readonly minutes: readonly number[];
  readonly nodes: readonly NodeId[];
  readonly edges: readonly { readonly from: NodeId; readonly to: NodeId }[];
}

/** The service graph kept up to date trace by trace. Equal to the graph of the same traces from scratch, always. */
export class LiveGraph {
  private readonly minutes = new Minutes();
  private touched = new Touched();

  /** Replaces what a trace contributed. `before` is absent for a new trace, `after` for a trace that is dropped. */
  fold(before: TraceDigest | undefined, after: TraceDigest | undefined): void {
    if (before !== undefined) {
      contribute(before, -1, this.minutes);
      this.touched.note(before);
    }
    if (after !== undefined) {
      contribute(after, 1, this.minutes);
      this.touched.note(after);
    }
  }

  /** What was touched since the last call. */
  takeChange(): GraphChange {
    const change = this.touched.change();
    this.touched = new Touched();
    return change;
  }

  /** The graph of the whole minutes that [start, end) overlaps; the answer says which range that is. */
  graph(startSeconds: number, endSeconds: number): ServiceGraph {
    const cells = new Cells({ keepsSeconds: false });
    for (const minute of this.minutes.within(startSeconds, endSeconds)) addCells(minute, cells);
    return emitGraph(cells, Math.floor(startSeconds / 60) * 60, Math.ceil(endSeconds / 60) * 60);
  }

  /** Forgets the minutes before, for good. */
  dropBefore(seconds: number): void {
    this.minutes.dropBefore(seconds);
  }
}

/** Which minutes, nodes and edges were touched: bounded by how many there are, however often they are. */
class Touched {
  private readonly minutes = new Set<number>();
  private readonly table = new NodeTable();
  /** By the index of the caller: the indexes of the callees. */
  private readonly edges = new Map<number, Set<number>>();

  note(digest: TraceDigest): void {
    const nodes = digest.nodes.map((node) => this.table.indexOf(node));
    const nodeOf = (segment: number): number => nodes[digest.segments[segment]!.node]!;
    for (const segment of digest.segments) {
      this.minutes.add(Math.floor(countedAt(segment) / 60));
      if (segment.isRoot) {
        this.noteEdge(this.table.indexOf(clientOf(digest.nodes[segment.node]!)), nodes[segment.node]!);
      }
    }
    for (const call of digest.calls) {
      this.minutes.add(Math.floor(countedAt(call) / 60));
      this.noteEdge(nodeOf(call.from), nodeOf(call.to));
    }
  }

  change(): GraphChange {
    const nodes = this.table.ids;
    return {
      minutes: [...this.minutes].sort((a, b) => a - b),
      nodes,
      edges: [...this.edges].flatMap(([from, callees]) =>
        [...callees].map((to) => ({ from: nodes[from]!, to: nodes[to]! })),
      ),
    };
  }

  private noteEdge(from: number, to: number): void {
    const callees = this.edges.get(from);
    if (callees === undefined) this.edges.set(from, new Set([to]));
    else callees.add(to);
  }
}
