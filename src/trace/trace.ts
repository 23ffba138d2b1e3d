import type { Segment } from "./segment.ts";

/** A trace as it is known now: real and inferred segments, the calls between them, its entry. Made by `assembleTrace`. */
export interface Trace {
  readonly id: string;
  /** Real segments first (by start time), then inferred ones. */
  readonly segments: readonly TraceSegment[];
  readonly calls: readonly Call[];
  /** The earliest root; absent only while nothing but orphaned subsegments has arrived. */
  readonly entry?: TraceSegment;
  /** Independent subsegments whose parent has not arrived. */
  readonly orphans: readonly Segment[];
  /** True when a segment runs, an orphan waits, or a call marked `traced` has no segment yet. */
  readonly isPartial: boolean;
  readonly startSeconds: number;
  /** Latest end seen; equals the start while nothing has ended. */
  readonly endSeconds: number;
}

/** One segment with everything that belongs to it: streamed subsegments are merged into `subsegments`. */
export interface TraceSegment extends Segment {
  readonly inferred: boolean;
  /** No parent in this trace: an entry point. */
  readonly isRoot: boolean;
  readonly node: NodeId;
}

/** Identity of a node of the service graph. `type` is absent for a service that names no origin. */
export interface NodeId {
  readonly name: string;
  readonly type?: string;
  readonly accountId?: string;
}

/** A call: from the segment that owns the calling subsegment to the segment (real or inferred) that answered it. */
export interface Call {
  /** Indexes into `Trace.segments`. */
  readonly from: number;
  readonly to: number;
  /** The calling subsegment, or the calling segment where the callee names the segment itself as its parent. */
  readonly caller: Segment;
}
