import type { NodeId } from "../trace/trace.ts";

/** A service graph for a range of time: what `GetServiceGraph` answers, before AWS's spelling. */
export interface ServiceGraph {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Stable order: client nodes first, then by name and type. An edge's `to` is an index into this list. */
  readonly nodes: readonly GraphNode[];
  /** Only some of the traces were looked at. */
  readonly isPartial?: boolean;
}

export interface GraphNode extends NodeId {
  /** Index in `ServiceGraph.nodes`. */
  readonly reference: number;
  readonly names: readonly string[];
  readonly isRoot: boolean;
  /** `client` nodes have no figures of their own. */
  readonly isClient: boolean;
  /** Known only from its callers. */
  readonly inferred: boolean;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly statistics: Statistics;
  readonly edges: readonly GraphEdge[];
}

export interface GraphEdge {
  readonly to: number;
  /** Absent for calls. A link leads from where work was left to who took it up; its figures are those of the work. */
  readonly kind?: "link";
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly statistics: Statistics;
  readonly aliases: readonly NodeId[];
  /** Of links: how long the work had waited, where that is known. */
  readonly ages?: readonly HistogramEntry[];
}

/** Each finished segment or call falls in exactly one class: fault, else error (throttle inside), else ok. */
export interface Statistics {
  readonly ok: number;
  /** 4xx other than throttles. */
  readonly error: number;
  readonly throttle: number;
  readonly fault: number;
  readonly total: number;
  /** Of `total`, those that were not kept, where there are any: kept traces stand for them, so all figures are estimates. */
  readonly estimated?: number;
  /** Sum of durations, seconds, 3 decimals. */
  readonly totalSeconds: number;
  /** One entry per distinct duration rounded to 1 ms, ascending; log-scaled beyond 1,000 distinct values. */
  readonly histogram: readonly HistogramEntry[];
}

export interface HistogramEntry {
  readonly seconds: number;
  readonly count: number;
}
