import type { HistogramEntry } from "../../graph/service-graph.ts";
import type { NodeId } from "../../trace/trace.ts";
import type { NodeKind } from "./node-kind.ts";

/** The browser's copy of the service graph: what is drawn, what the tables say, and what the drawer tells. */
export interface MapView {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  /** Seconds that rates are counted over. */
  readonly windowSeconds: number;
  /** Grows with each graph that brought a change. */
  readonly revision: number;
}

export interface MapNode {
  /** The same for the same service, however often the graph is asked for. */
  readonly key: string;
  readonly id: NodeId;
  readonly kind: NodeKind;
  readonly isRoot: boolean;
  /** Known only from its callers. */
  readonly isInferred: boolean;
  /** Absent on clients, who have none of their own. */
  readonly figures?: Figures;
  readonly change: Change;
}

export interface MapEdge {
  readonly key: string;
  /** Keys of nodes. */
  readonly from: string;
  readonly to: string;
  readonly figures: Figures;
  /** What callers call the callee, where that is not its name. */
  readonly aliases: readonly string[];
  readonly change: Change;
}

/** What became of a node or an edge since the graph before. */
type Change = "new" | "changed" | "same";

export interface Figures {
  readonly ok: number;
  readonly error: number;
  readonly throttle: number;
  readonly fault: number;
  readonly total: number;
  readonly perSecond: number;
  readonly meanSeconds: number | undefined;
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  /** Ascending. */
  readonly histogram: readonly HistogramEntry[];
}

export const emptyMap: MapView = { nodes: [], edges: [], windowSeconds: 60, revision: 0 };

/** One text for a node's identity. */
export function nodeKey({ name, type, accountId }: NodeId): string {
  return JSON.stringify([name, type ?? "", accountId ?? ""]);
}

/** One text for an edge's identity. */
export function edgeKey(from: string, to: string): string {
  return `${from}>${to}`;
}
