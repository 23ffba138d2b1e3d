import type { AnnotationValue, Http } from "./segment.ts";
import type { NodeId } from "./trace.ts";

/**
 * Everything that questions other than "show me this trace" need of a trace: the filter is evaluated on it, the graph is
 * folded from it, the summary is read off it, and stores keep it beside the documents. Plain data, indexes instead of
 * references, so that a store may encode it tightly. Made by `digestTrace`.
 */
export interface TraceDigest {
  readonly id: string;
  /** 1 for the first version of a trace; each append that changes the trace adds 1. */
  readonly revision: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Time by which X-Ray's `TraceId` range type finds the trace: the id's own if it is within a day of the start. */
  readonly idSeconds: number;
  readonly isPartial: boolean;
  /** Distinct nodes of the trace, `client` nodes excluded; the other ends of links come last. */
  readonly nodes: readonly NodeId[];
  readonly segments: readonly DigestSegment[];
  readonly calls: readonly DigestCall[];
  /** In the order of `to`; absent where there are none. */
  readonly links?: readonly DigestLink[];
  /** Index into `segments`. */
  readonly entry?: number;
  /** How many traces it stands for, itself included: a whole number above 1, or absent for 1 (see tail sampling). */
  readonly weight?: number;
  readonly faultCauses: readonly RootCause[];
  readonly errorCauses: readonly RootCause[];
  readonly responseTimeCauses: readonly RootCause[];
}

export interface DigestSegment {
  /** Index into `nodes`. */
  readonly node: number;
  readonly startSeconds: number;
  readonly endSeconds?: number;
  readonly inProgress: boolean;
  readonly inferred: boolean;
  readonly isRoot: boolean;
  /** A root only because the parent it names has not arrived: its caller is late, or sends no segments. */
  readonly awaitsCaller: boolean;
  readonly fault: boolean;
  readonly error: boolean;
  /** This segment or any subsegment of it was throttled. */
  readonly throttle: boolean;
  /** The segment itself was throttled: what statistics count. */
  readonly throttled: boolean;
  readonly http?: Http;
  readonly user?: string;
  readonly resourceArns?: readonly string[];
  readonly instanceId?: string;
  readonly availabilityZone?: string;
  /** Of the segment and all its subsegments; a key may stand more than once with different values. */
  readonly annotations: readonly (readonly [key: string, value: AnnotationValue])[];
}

export interface DigestCall {
  /** Indexes into `segments`. */
  readonly from: number;
  readonly to: number;
  /** What the caller called the callee, when that is not the callee's node name. */
  readonly alias?: string;
  readonly startSeconds: number;
  readonly endSeconds?: number;
  readonly inProgress: boolean;
  readonly fault: boolean;
  readonly error: boolean;
  readonly throttled: boolean;
  readonly http?: Http;
}

/** That a segment took up work which somebody had left somewhere: see `findLinks`. */
export interface DigestLink {
  /** Index into `nodes`. */
  readonly from: number;
  /** Index into `segments`. */
  readonly to: number;
  /** How long the work had waited, where that is known. */
  readonly ageSeconds?: number;
}

export interface RootCause {
  readonly clientImpacting: boolean;
  readonly services: readonly RootCauseService[];
}

export interface RootCauseService {
  readonly node: NodeId;
  readonly inferred: boolean;
  readonly entities: readonly RootCauseEntity[];
}

export interface RootCauseEntity {
  readonly name: string;
  readonly remote: boolean;
  /** Response time causes only: share of the entry segment's duration, 3 decimals. */
  readonly coverage?: number;
  readonly exceptions: readonly { readonly name: string; readonly message: string }[];
}
