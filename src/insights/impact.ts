import type { ServiceGraph, Statistics } from "../graph/service-graph.ts";
import type { NodeId } from "../trace/trace.ts";
import { nodeKey } from "./find-anomalies.ts";
import type { Impact } from "./insight.ts";

/** Nobody was affected. */
export const noImpact: Impact = { fault: 0, ok: 0, total: 0 };

export function addImpacts(one: Impact, other: Impact): Impact {
  return { fault: one.fault + other.fault, ok: one.ok + other.ok, total: one.total + other.total };
}

/** The node's own requests in a graph. */
export function nodeImpact(graph: ServiceGraph, id: NodeId): Impact {
  const node = graph.nodes.find((each) => !each.isClient && nodeKey(each) === nodeKey(id));
  return node === undefined ? noImpact : impactOf(node.statistics);
}

/** What clients sent to services from which the node can be reached. */
export function clientImpact(graph: ServiceGraph, id: NodeId): Impact {
  const affected = callersOf(graph, id);
  let impact = noImpact;
  for (const node of graph.nodes) {
    if (!node.isClient) continue;
    for (const edge of node.edges) if (affected.has(edge.to)) impact = addImpacts(impact, impactOf(edge.statistics));
  }
  return impact;
}

/** References of the node and of all that call it, directly or not. */
export function callersOf({ nodes }: ServiceGraph, id: NodeId): ReadonlySet<number> {
  const key = nodeKey(id);
  const found = new Set(nodes.filter((node) => !node.isClient && nodeKey(node) === key).map((node) => node.reference));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { reference, edges } of nodes) if (edges.some(({ to }) => found.has(to))) found.add(reference);
  }
  return found;
}

/** References of the node and of all that it calls, directly or not. */
export function calleesOf({ nodes }: ServiceGraph, id: NodeId): ReadonlySet<number> {
  const key = nodeKey(id);
  const walk = nodes.filter((node) => !node.isClient && nodeKey(node) === key).map((node) => node.reference);
  const found = new Set(walk);
  // Grows while it is walked.
  for (const reference of walk) {
    for (const { to } of nodes[reference]!.edges) {
      if (!found.has(to)) walk.push(to);
      found.add(to);
    }
  }
  return found;
}

function impactOf({ fault, ok, total }: Statistics): Impact {
  return { fault, ok, total };
}
