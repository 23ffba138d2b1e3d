import type { NodeId } from "../../trace/trace.ts";
import type { Figures } from "./figures.ts";
import type { NodeKind } from "./node-kind.ts";

/** The browser's copy of the service graph: what is drawn, what the tables say, and what the drawer tells. */
export interface MapView {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  /** Groups that services were gathered in, where they were. */
  readonly groups: readonly MapGroup[];
  /** Seconds that rates are counted over. */
  readonly windowSeconds: number;
  /** Grows with each graph that brought a change. */
  readonly revision: number;
}

export interface MapNode {
  /** The same for the same service, however often the graph is asked for. */
  readonly key: string;
  readonly id: NodeId;
  /** What of the service, where its operations or environments stand for themselves. */
  readonly part?: string;
  readonly kind: NodeKind;
  readonly isRoot: boolean;
  /** Known only from its callers. */
  readonly isInferred: boolean;
  /** Absent on clients, who have none of their own. */
  readonly figures?: Figures;
  readonly change: Change;
  /** Key of the open group that it stands in. */
  readonly group?: string;
  /** Of a closed group, which is one node: how many services it stands for. */
  readonly members?: number;
  /** Nothing ended here in the step of time that is shown. */
  readonly isIdle?: boolean;
}

export interface MapEdge {
  readonly key: string;
  /** Keys of nodes. */
  readonly from: string;
  readonly to: string;
  /** No call: work that refers to the work that caused it. */
  readonly isLink: boolean;
  readonly figures: Figures;
  /** What callers call the callee, where that is not its name. */
  readonly aliases: readonly string[];
  readonly change: Change;
}

/** Services that are shown together, in a frame or as one node. */
export interface MapGroup {
  readonly key: string;
  readonly label: string;
  /** Keys of its services, which are on the map while it is open. */
  readonly members: readonly string[];
  readonly isOpen: boolean;
}

/** What became of a node or an edge since the graph before. */
type Change = "new" | "changed" | "same";

export const emptyMap: MapView = { nodes: [], edges: [], groups: [], windowSeconds: 60, revision: 0 };

/** One text for a node's identity. */
export function nodeKey({ name, type, accountId }: NodeId, part?: string): string {
  return JSON.stringify([name, type ?? "", accountId ?? "", ...(part === undefined ? [] : [part])]);
}

/** One text for an edge's identity. A link and a call between the same two are two edges. */
export function edgeKey(from: string, to: string, isLink = false): string {
  return `${from}${isLink ? "~" : ">"}${to}`;
}
