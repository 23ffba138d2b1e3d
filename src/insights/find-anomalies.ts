import type { GraphNode, ServiceGraph } from "../graph/service-graph.ts";
import { type FaultBand, isAnomalous, learn, noFaults } from "./fault-band.ts";

/** What is known of each node, by `nodeKey`. */
export interface NodeHistory {
  readonly band: FaultBand;
  /** Minutes in a row that were outside the band. */
  readonly badMinutes: number;
}

/** Anomalous nodes that call each other: one cause. */
export interface Anomaly {
  /** Farthest downstream; of several, the one with the most faults. */
  readonly rootCause: GraphNode;
  /** Most faults first. */
  readonly nodes: readonly GraphNode[];
}

/** One bad minute may be chance. */
const minutesToOpen = 2;

/** Takes one minute's graph in: the histories after it, and the anomalies in it that have lasted long enough. */
export function findAnomalies(
  graph: ServiceGraph,
  before: ReadonlyMap<string, NodeHistory>,
): { readonly histories: ReadonlyMap<string, NodeHistory>; readonly anomalies: readonly Anomaly[] } {
  const histories = new Map(before);
  const anomalous = new Set<number>();
  for (const node of graph.nodes) {
    const { fault, total } = node.statistics;
    if (node.isClient || total === 0) continue;
    const key = nodeKey(node);
    const { band, badMinutes } = before.get(key) ?? { band: noFaults, badMinutes: 0 };
    if (!isAnomalous(band, fault, total)) {
      histories.set(key, { band: learn(band, fault, total), badMinutes: 0 });
      continue;
    }
    histories.set(key, { band, badMinutes: badMinutes + 1 });
    if (badMinutes + 1 >= minutesToOpen) anomalous.add(node.reference);
  }
  return { histories, anomalies: components(graph, anomalous).map((nodes) => anomalyOf(graph, nodes)) };
}

/** A node's identity as text. */
export function nodeKey({ name, type, accountId }: Pick<GraphNode, "name" | "type" | "accountId">): string {
  return JSON.stringify([name, type, accountId]);
}

function components({ nodes }: ServiceGraph, anomalous: ReadonlySet<number>): GraphNode[][] {
  const neighbours = new Map<number, number[]>([...anomalous].map((reference) => [reference, []]));
  for (const reference of anomalous) {
    for (const { to } of nodes[reference]!.edges) {
      if (!anomalous.has(to)) continue;
      neighbours.get(reference)!.push(to);
      neighbours.get(to)!.push(reference);
    }
  }
  const left = new Set(anomalous);
  const found: GraphNode[][] = [];
  for (const start of anomalous) {
    if (!left.delete(start)) continue;
    const component = [start];
    // Grows while it is walked.
    for (const reference of component) {
      for (const next of neighbours.get(reference)!) if (left.delete(next)) component.push(next);
    }
    found.push(component.map((reference) => nodes[reference]!));
  }
  return found;
}

function anomalyOf(graph: ServiceGraph, nodes: readonly GraphNode[]): Anomaly {
  const sorted = nodes.toSorted((a, b) => b.statistics.fault - a.statistics.fault);
  const references = new Set(nodes.map(({ reference }) => reference));
  const callsOn = ({ reference, edges }: GraphNode): boolean =>
    edges.some(({ to }) => to !== reference && references.has(to) && graph.nodes[to] !== undefined);
  // In a circle of calls none is farthest downstream; then the most faults decide.
  return { rootCause: sorted.find((node) => !callsOn(node)) ?? sorted[0]!, nodes: sorted };
}
