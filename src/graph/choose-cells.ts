import type { NodeId } from "../trace/trace.ts";
import type { Cell } from "./cell.ts";
import type { Cells } from "./cells.ts";
import { clientOf, fitsNode, type NodeMatch } from "./node-match.ts";

/** Whose figures a time series shows: `service(…)`, `id(…)` or `edge(…)` of an entity selector expression. */
export type EntitySelector =
  | { readonly kind: "service"; readonly node: NodeMatch }
  | { readonly kind: "edge"; readonly from: NodeMatch; readonly to: NodeMatch };

/** Which cells are wanted: a node's own figures, those of its edge from the client, those of the calls and of the links between two. */
export interface CellChoice {
  node(id: NodeId): boolean;
  entry(id: NodeId): boolean;
  call(from: NodeId, to: NodeId): boolean;
  link(from: NodeId, to: NodeId): boolean;
}

/** All of them. */
export const everyCell: CellChoice = { node: () => true, entry: () => true, call: () => true, link: () => true };

/** The cells that a selector means; without one the client edges. A client has no figures but those of its edges. */
export function chooseCells(selector: EntitySelector | undefined): CellChoice {
  if (selector === undefined) return { ...noCell, entry: () => true };
  if (selector.kind === "service") {
    const { node } = selector;
    return {
      ...noCell,
      node: (id) => fitsNode(node, id),
      entry: (id) => node.type === "client" && fitsNode(node, clientOf(id)),
    };
  }
  const { from, to } = selector;
  return {
    ...noCell,
    entry: (id) => fitsNode(from, clientOf(id)) && fitsNode(to, id),
    call: (caller, callee) => fitsNode(from, caller) && fitsNode(to, callee),
    link: (source, consumer) => fitsNode(from, source) && fitsNode(to, consumer),
  };
}

/** The wanted ones of these cells. */
export function chosenCells(cells: Cells, choice: CellChoice): Cell[] {
  const found: Cell[] = [];
  for (const { id, figures, entries, calls, links } of cells.nodes) {
    if (choice.node(id)) found.push(figures);
    if (entries !== undefined && choice.entry(id)) found.push(entries);
    for (const [callee, cell] of calls) if (choice.call(id, cells.nodes[callee]!.id)) found.push(cell);
    for (const [consumer, cell] of links) if (choice.link(id, cells.nodes[consumer]!.id)) found.push(cell);
  }
  return found;
}

const noCell: CellChoice = { node: () => false, entry: () => false, call: () => false, link: () => false };
