import type { DigestLink, TraceDigest } from "../trace/digest.ts";
import type { NodeId } from "../trace/trace.ts";
import { addCell, Cell, record, recordAge, recordAlias } from "./cell.ts";
import { NodeTable } from "./node-table.ts";

/** The figures of all nodes and edges over a stretch of time: a minute, or the range of a graph. */
export class Cells {
  readonly nodes: NodeCells[] = [];
  /** Cells that keep their seconds can have segments taken back; a sum over minutes needs no more than the extremes. */
  readonly keepsSeconds: boolean;
  private readonly table = new NodeTable();

  constructor(options: { keepsSeconds: boolean }) {
    this.keepsSeconds = options.keepsSeconds;
  }

  /** The node's cells, made empty where the node is new. */
  node(id: NodeId): NodeCells {
    const index = this.table.indexOf(id);
    const known = this.nodes[index];
    if (known !== undefined) return known;
    const figures = new Cell(this.keepsSeconds);
    const node: NodeCells = { id, index, owner: this, figures, entries: undefined, calls: new Map(), links: noLinks };
    this.nodes.push(node);
    return node;
  }

  /** The figures of the calls that enter at a node: its edge from the client. */
  entries(node: NodeCells): Cell {
    node.entries ??= new Cell(this.keepsSeconds);
    return node.entries;
  }

  /** The figures of the calls from one node to another. */
  calls(from: NodeCells, to: NodeCells): Cell {
    let cell = from.calls.get(to.index);
    if (cell === undefined) {
      cell = new Cell(this.keepsSeconds);
      from.calls.set(to.index, cell);
    }
    return cell;
  }

  /** The figures of the links from one node to another. */
  links(from: NodeCells, to: NodeCells): Cell {
    let cell = from.links.get(to.index);
    if (cell === undefined) {
      cell = new Cell(this.keepsSeconds);
      from.links = new Map(from.links).set(to.index, cell);
    }
    return cell;
  }
}

/** Few nodes have any: those share an empty map until they do. */
const noLinks: ReadonlyMap<number, Cell> = new Map();

/** A node may be here only because a call leads to it, or a link from it: `figures` is empty then. */
export interface NodeCells {
  readonly id: NodeId;
  /** In the owner's `nodes`. */
  readonly index: number;
  readonly owner: Cells;
  readonly figures: Cell;
  entries: Cell | undefined;
  /** By the index of the callee. */
  readonly calls: Map<number, Cell>;
  /** By the index of who took up work that had been left here. */
  links: ReadonlyMap<number, Cell>;
}

/** Where contributions go: the cells in charge of that second, or none where it lies outside of what is asked for. */
export interface CellTarget {
  at(seconds: number): Cells | undefined;
}

/**
 * Adds what a trace contributes to the graph, or takes it back, as often as it stands for others. A segment counts where it ended, a call where the caller
 * saw it end; what is still in progress is present where it started, without figures.
 */
export function contribute(digest: TraceDigest, sign: 1 | -1, into: CellTarget): void {
  const { segments, calls } = digest;
  const count = sign * (digest.weight ?? 1);
  const found: NodeCells[] = [];
  for (let index = 0; index < segments.length; index += 1) {
    const segment = segments[index]!;
    const cells = into.at(countedAt(segment));
    if (cells === undefined) continue;
    const node = nodeOf(digest, index, cells, found);
    record(node.figures, segment, count);
    if (segment.inferred) node.figures.inferred += count;
    if (segment.isRoot) {
      node.figures.roots += count;
      if (segment.awaitsCaller) node.figures.awaiting += count;
      record(cells.entries(node), segment, count);
    }
  }
  for (let index = 0; index < calls.length; index += 1) {
    const call = calls[index]!;
    const cells = into.at(countedAt(call));
    if (cells === undefined) continue;
    const cell = cells.calls(nodeOf(digest, call.from, cells, found), nodeOf(digest, call.to, cells, found));
    record(cell, call, count);
    // An inferred callee is named by its caller in the first place.
    if (call.alias !== undefined && !segments[call.to]!.inferred) recordAlias(cell, call.alias, count);
  }
  if (digest.links !== undefined) contributeLinks(digest, digest.links, count, into, found);
}

/**
 * A link counts with the segment that it leads to. That segment is entered by what it took up: no client stands in front of
 * it, as none stands in front of one whose caller is late.
 */
function contributeLinks(
  digest: TraceDigest,
  links: readonly DigestLink[],
  count: number,
  into: CellTarget,
  found: NodeCells[],
): void {
  let last: number | undefined;
  for (const { from, to, ageSeconds } of links) {
    const segment = digest.segments[to]!;
    const cells = into.at(countedAt(segment));
    if (cells === undefined) continue;
    const node = nodeOf(digest, to, cells, found);
    const cell = cells.links(cells.node(digest.nodes[from]!), node);
    record(cell, segment, count);
    if (ageSeconds !== undefined && !segment.inProgress) recordAge(cell, ageSeconds, count);
    if (segment.isRoot && !segment.awaitsCaller && to !== last) node.figures.awaiting += count;
    last = to;
  }
}

/** Nearly always the whole trace falls into the same cells: `found` has its nodes, by their index in the digest. */
function nodeOf({ nodes, segments }: TraceDigest, segment: number, cells: Cells, found: NodeCells[]): NodeCells {
  const index = segments[segment]!.node;
  const known = found[index];
  if (known !== undefined && known.owner === cells) return known;
  const node = cells.node(nodes[index]!);
  found[index] = node;
  return node;
}

/** The second that decides where a segment or a call counts. */
export function countedAt(timed: { startSeconds: number; endSeconds?: number; inProgress: boolean }): number {
  return timed.inProgress ? timed.startSeconds : (timed.endSeconds ?? timed.startSeconds);
}

/** Adds all figures of one stretch of time to another. */
export function addCells(from: Cells, into: Cells): void {
  const targets = from.nodes.map((node) => into.node(node.id));
  for (const node of from.nodes) {
    const target = targets[node.index]!;
    addCell(node.figures, target.figures);
    if (node.entries !== undefined) addCell(node.entries, into.entries(target));
    for (const [to, cell] of node.calls) addCell(cell, into.calls(target, targets[to]!));
    for (const [to, cell] of node.links) addCell(cell, into.links(target, targets[to]!));
  }
}
