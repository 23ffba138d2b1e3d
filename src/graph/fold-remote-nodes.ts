import type { NodeCells } from "./cells.ts";

/**
 * A host that is instrumented in some traces and not in others is one node: (name, `remote`) moves into the single real
 * node of that name. Several real nodes of that name stay apart, and so does the remote one. Answers, by the index of
 * each node that moves, the index of the node it moves into.
 */
export function foldRemoteNodes(nodes: readonly NodeCells[]): ReadonlyMap<number, number> {
  const remotes = nodes.filter(isRemote);
  if (remotes.length === 0) return new Map();
  const reals = new Map<string, NodeCells[]>();
  for (const node of nodes) {
    if (isRemote(node) || isInferred(node)) continue;
    const namesakes = reals.get(node.id.name);
    if (namesakes === undefined) reals.set(node.id.name, [node]);
    else namesakes.push(node);
  }
  const moves = new Map<number, number>();
  for (const remote of remotes) {
    const [real, another] = reals.get(remote.id.name) ?? [];
    if (real !== undefined && another === undefined) moves.set(remote.index, real.index);
  }
  return moves;
}

/** Whether nothing but its callers tells of the node. A node without figures is real: inferred ones end with their call. */
function isInferred(node: NodeCells): boolean {
  return node.figures.present > 0 && node.figures.inferred === node.figures.present;
}

function isRemote(node: NodeCells): boolean {
  return node.id.type === "remote" && isInferred(node);
}
