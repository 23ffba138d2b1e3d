import type { TraceDigest } from "../trace/digest.ts";
import type { NodeId } from "../trace/trace.ts";
import { addCells, Cells, contribute } from "./cells.ts";
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

  /** Replaces what a trace contributed. `before` is absent for a new trace, `after` for a trace that is dropped. */
  fold(before: TraceDigest | undefined, after: TraceDigest | undefined): void {
    if (before !== undefined) contribute(before, -1, this.minutes);
    if (after !== undefined) contribute(after, 1, this.minutes);
  }

  /** What was touched since the last call. */
  takeChange(): GraphChange {
    const minutes = this.minutes.takeTouched();
    const touched = new Touched();
    for (const minute of minutes) touched.take(this.minutes.cells.get(minute)!);
    return { minutes, nodes: touched.nodes(), edges: touched.edges() };
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

/** The distinct nodes and edges whose cells were touched, over several minutes. */
class Touched {
  private readonly table = new NodeTable();
  /** By the index of the caller: the indexes of the callees. */
  private readonly callees = new Map<number, Set<number>>();

  /** Notes what was touched, and marks it as untouched. */
  take(cells: Cells): void {
    for (const { id, figures, entries, calls, links } of cells.nodes) {
      if (figures.isTouched) {
        this.table.indexOf(id);
        figures.isTouched = false;
      }
      if (entries?.isTouched) {
        this.note(clientOf(id), id);
        entries.isTouched = false;
      }
      for (const [to, cell] of [...calls, ...links]) {
        if (!cell.isTouched) continue;
        this.note(id, cells.nodes[to]!.id);
        cell.isTouched = false;
      }
    }
  }

  nodes(): readonly NodeId[] {
    return this.table.ids;
  }

  edges(): GraphChange["edges"] {
    const { ids } = this.table;
    return [...this.callees].flatMap(([from, callees]) =>
      [...callees].map((to) => ({ from: ids[from]!, to: ids[to]! })),
    );
  }

  private note(from: NodeId, to: NodeId): void {
    const caller = this.table.indexOf(from);
    const callees = this.callees.get(caller);
    if (callees === undefined) this.callees.set(caller, new Set([this.table.indexOf(to)]));
    else callees.add(this.table.indexOf(to));
  }
}
