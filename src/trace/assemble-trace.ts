import { inferSegment } from "./infer-segment.ts";
import { groupByParent, mergeDocuments } from "./merge-documents.ts";
import type { Segment } from "./segment.ts";
import type { Call, NodeId, Trace, TraceSegment } from "./trace.ts";

/**
 * The trace that documents tell together: every segment once, whole, with the calls between them. A call that no segment
 * answers gets an inferred one. The order in which the documents arrived makes no difference.
 */
export function assembleTrace(id: string, arrived: readonly Segment[]): Trace {
  const { segments: real, orphans } = mergeDocuments(arrived);
  const segments = real.map(asRoot);
  const { calls, inferred, awaitsCallee } = findCalls(segments);
  let entry = segments.find((segment) => segment.isRoot);
  if (entry === undefined && segments.length > 0) {
    // Segments that name each other as parents have no root; a trace is entered somewhere all the same.
    entry = segments[0]!;
    entry.isRoot = true;
  }
  for (const segment of inferred) segments.push(segment);

  const { startSeconds, endSeconds } = spanOf(segments.length > 0 ? segments : orphans);
  const isPartial = awaitsCallee || orphans.length > 0 || segments.some((segment) => segment.inProgress);
  return { id, segments, calls, entry, orphans, isPartial, startSeconds, endSeconds } as Trace;
}

/** A segment is a root until a call is found that leads to it. */
type Draft = TraceSegment & { isRoot: boolean };

/** Member by member: copying with a spread costs the engine five times as much. */
function asRoot(segment: Segment): Draft {
  return {
    id: segment.id,
    name: segment.name,
    traceId: segment.traceId,
    parentId: segment.parentId,
    isSubsegment: false,
    startSeconds: segment.startSeconds,
    endSeconds: segment.endSeconds,
    inProgress: segment.inProgress,
    fault: segment.fault,
    error: segment.error,
    throttle: segment.throttle,
    namespace: undefined as never,
    origin: segment.origin,
    user: segment.user,
    resourceArn: segment.resourceArn,
    http: segment.http,
    sql: segment.sql,
    aws: segment.aws,
    cause: segment.cause,
    annotations: segment.annotations,
    metadata: segment.metadata,
    service: segment.service,
    precursorIds: segment.precursorIds,
    links: segment.links,
    traced: segment.traced,
    subsegments: segment.subsegments,
    inferred: false,
    isRoot: true,
    node: nodeOf(segment),
  } as Draft;
}

interface FoundCalls {
  readonly calls: readonly Call[];
  readonly inferred: readonly TraceSegment[];
  /** A caller said that a segment of the callee would follow, and it has not come. */
  readonly awaitsCallee: boolean;
}

/** Looks below every segment for calls: where a segment names the place as its parent, or a namespace says so. */
function findCalls(segments: readonly Draft[]): FoundCalls {
  const callees = groupByParent(segments);
  const indexes = callees.size > 0 ? new Map(segments.map((segment, index) => [segment, index])) : noIndexes;
  const calls: Call[] = [];
  const inferred: TraceSegment[] = [];
  const seen = new Set<string>();
  let awaitsCallee = false;

  const look = (place: Segment, from: number): void => {
    const answering = callees.get(place.id);
    if (answering !== undefined) {
      callees.delete(place.id);
      seen.add(place.id);
      for (const callee of answering) {
        if (callee === place) continue;
        callee.isRoot = false;
        calls.push({ from, to: indexes.get(callee)!, caller: place });
      }
    } else if (place.isSubsegment && (place.namespace !== undefined || place.traced) && !seen.has(place.id)) {
      seen.add(place.id);
      awaitsCallee ||= place.traced === true;
      if (place.namespace !== undefined) {
        calls.push({ from, to: segments.length + inferred.length, caller: place });
        inferred.push(inferSegment(place));
      }
    }
    for (const subsegment of place.subsegments) look(subsegment, from);
  };
  for (let i = 0; i < segments.length; i++) look(segments[i]!, i);
  return { calls, inferred, awaitsCallee };
}

const noIndexes: ReadonlyMap<Draft, number> = new Map();

/** A service that names no origin has no type. */
function nodeOf({ name, origin, aws }: Segment): NodeId {
  return { name, type: origin, accountId: aws?.accountId } as NodeId;
}

function spanOf(segments: readonly Segment[]): { startSeconds: number; endSeconds: number } {
  let startSeconds = Number.POSITIVE_INFINITY;
  let endSeconds = Number.NEGATIVE_INFINITY;
  for (const segment of segments) {
    if (segment.startSeconds < startSeconds) startSeconds = segment.startSeconds;
    if (segment.endSeconds !== undefined && segment.endSeconds > endSeconds) endSeconds = segment.endSeconds;
  }
  if (segments.length === 0) return { startSeconds: 0, endSeconds: 0 };
  return { startSeconds, endSeconds: Math.max(startSeconds, endSeconds) };
}
