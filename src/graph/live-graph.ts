import type { NodeId } from "../trace/trace.ts";

/** What folding touched since it was last asked for: plain data, to send to whoever draws the graph. */
export interface GraphChange {
  /** Epoch minutes, ascending. */
  readonly minutes: readonly number[];
  readonly nodes: readonly NodeId[];
  readonly edges: readonly { readonly from: NodeId; readonly to: NodeId }[];
}
