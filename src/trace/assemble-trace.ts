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
  const { calls, inferred, called, awaitsCallee } = findCalls(real);
  const segments = real.map((segment) => asTraceSegment(segment, !called.has(segment)));
  // Segments that name each other as parents have no root; a trace is entered somewhere all the same.
  if (segments.length > 0 && called.size === segments.length) segments[0] = asTraceSegment(segments[0]!, true);
  const entry = segments.find((segment) => segment.isRoot);
  for (const segment of inferred) segments.push(segment);

  const { startSeconds, endSeconds } = spanOf(segments.length > 0 ? segments : orphans);
  return {
    id,
    segments,
    calls,
    ...(entry !== undefined && { entry }),
    orphans,
    isPartial: awaitsCallee || orphans.length > 0 || segments.some((segment) => segment.inProgress),
    startSeconds,
    endSeconds,
  };
}

interface FoundCalls {
  readonly calls: readonly Call[];
  readonly inferred: readonly TraceSegment[];
  /** Segments that a call leads to; the others are roots. */
  readonly called: ReadonlySet<Segment>;
  /** A caller said that a segment of the callee would follow, and it has not come. */
  readonly awaitsCallee: boolean;
}

/** Looks below every segment for calls: where a segment names the place as its parent, or a namespace says so. */
function findCalls(real: readonly Segment[]): FoundCalls {
  const callees = groupByParent(real);
  const indexes = callees.size > 0 ? new Map(real.map((segment, index) => [segment, index])) : noIndexes;
  const calls: Call[] = [];
  const inferred: TraceSegment[] = [];
  const called = new Set<Segment>();
  const answered = new Set<string>();
  let awaitsCallee = false;

  const look = (place: Segment, from: number): void => {
    const answering = callees.get(place.id);
    if (answering !== undefined) {
      callees.delete(place.id);
      answered.add(place.id);
      for (const callee of answering) {
        if (callee === place) continue;
        called.add(callee);
        calls.push({ from, to: indexes.get(callee)!, caller: place });
      }
    } else if ((place.namespace !== undefined || place.traced) && place.isSubsegment && !answered.has(place.id)) {
      awaitsCallee ||= place.traced === true;
      if (place.namespace !== undefined) {
        answered.add(place.id);
        calls.push({ from, to: real.length + inferred.length, caller: place });
        inferred.push(inferSegment(place));
      }
    }
    for (const subsegment of place.subsegments) look(subsegment, from);
  };
  for (let i = 0; i < real.length; i++) look(real[i]!, i);
  return { calls, inferred, called, awaitsCallee };
}

const noIndexes: ReadonlyMap<Segment, number> = new Map();

function asTraceSegment(segment: Segment, isRoot: boolean): TraceSegment {
  return { ...segment, inferred: false, isRoot, node: nodeOf(segment) };
}

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
