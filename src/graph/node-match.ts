import type { NodeId } from "../trace/trace.ts";

/** What an expression says of a node; parts left out fit every node. */
export interface NodeMatch {
  readonly name?: string;
  /** The empty text fits a node without a type: clients that always send a type write it so. */
  readonly type?: string;
  readonly accountId?: string;
}

/** Whether all parts given are equal to the node's. */
export function fitsNode(match: NodeMatch, node: NodeId): boolean {
  return (
    (match.name === undefined || match.name === node.name) &&
    (match.type === undefined || match.type === (node.type ?? "")) &&
    (match.accountId === undefined || match.accountId === node.accountId)
  );
}

/** The node that stands for the callers outside of an entry node. */
export function clientOf(entry: NodeId): NodeId {
  return { name: entry.name, type: "client" };
}
