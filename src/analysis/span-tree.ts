import type { Segment } from "../trace/segment.ts";
import type { NodeId, Trace, TraceSegment } from "../trace/trace.ts";
import { columnsOf } from "./columns-of.ts";
import type { SpanColumns } from "./span-columns.ts";
import { type State, stateOf } from "./state-of.ts";

/** A trace as rows, each before what it encloses or calls; and as columns, for whoever needs no attributes. */
export interface SpanTree extends SpanColumns {
  readonly rows: readonly SpanRow[];
  readonly isPartial: boolean;
}

/** A segment, or a subsegment of one. */
export interface SpanRow {
  /** Index in `SpanTree.rows`. */
  readonly index: number;
  readonly segment: Segment;
  readonly kind: "segment" | "subsegment";
  /** Index of the row above that it belongs to; -1 at the top. */
  readonly parent: number;
  readonly depth: number;
  /** Rows of it and of all below it. */
  readonly size: number;
  /** The service whose work it is; for a call that nobody else tells of, the callee. */
  readonly service: string;
  /** The callee, where it has sent no segment of its own. */
  readonly inferred?: NodeId;
  /** Its parent has not arrived. */
  readonly isOrphan: boolean;
  readonly state: State;
  /** Latest end of what is below; later than the row's own end where work goes on after it was answered. */
  readonly lastEndSeconds: number;
}

/** A row that waits for its place: what is above it is known, what is below it is not. */
type Draft = { -readonly [Member in keyof SpanRow]: SpanRow[Member] };

/** Puts the segments of a trace in the order of a waterfall: callees beneath their calls, siblings by their start. */
export function spanTree(trace: Trace): SpanTree {
  const callees = new Map<string, TraceSegment[]>();
  const inferred = new Map<string, NodeId>();
  const called = new Set<Segment>();
  for (const { to, caller } of trace.calls) {
    const callee = trace.segments[to]!;
    if (callee.inferred) {
      inferred.set(caller.id, callee.node);
      continue;
    }
    called.add(callee);
    const answering = callees.get(caller.id);
    if (answering === undefined) callees.set(caller.id, [callee]);
    else answering.push(callee);
  }
  /** Member by member, and each in every row: copying with a spread costs the engine several times as much. */
  const draft = (segment: Segment, above?: Draft, isOrphan = false): Draft =>
    ({
      index: -1,
      segment,
      kind: segment.isSubsegment ? "subsegment" : "segment",
      parent: above?.index ?? -1,
      depth: above === undefined ? 0 : above.depth + 1,
      size: 1,
      service: segment.name,
      inferred: inferred.get(segment.id),
      isOrphan,
      state: stateOf(segment),
      lastEndSeconds: segment.endSeconds ?? segment.startSeconds,
    }) as Draft;

  const rows: Draft[] = [];
  /** For each row the service that sent it. */
  const owners: string[] = [];
  // A stack, not a recursion: a chain of calls may be longer than the engine's own stack.
  const stack = trace.orphans.map((segment) => draft(segment, undefined, true)).reverse();
  for (const segment of trace.segments.toReversed()) {
    if (!segment.inferred && !called.has(segment)) stack.push(draft(segment));
  }
  const seen = new Set<Segment>();
  // Segments that call each other in a circle have no top: the first of them that has not been seen by then is taken for it.
  const circles = trace.segments.filter((segment) => called.has(segment)).values();
  const next = (): Draft | undefined => {
    const row = stack.pop();
    if (row !== undefined) return row;
    for (const segment of circles) if (!seen.has(segment)) return draft(segment);
    return undefined;
  };
  for (let row = next(); row !== undefined; row = next()) {
    const { segment } = row;
    if (called.has(segment)) {
      if (seen.has(segment)) continue;
      seen.add(segment);
    }
    row.index = rows.push(row) - 1;
    const owner = row.kind === "segment" || row.parent < 0 ? segment.name : owners[row.parent]!;
    owners.push(owner);
    row.service = row.inferred?.name ?? owner;
    const answering = callees.get(segment.id);
    if (segment.subsegments.length === 0 && answering === undefined) continue;
    const below: Draft[] = [];
    for (const child of segment.subsegments) below.push(draft(child, row));
    for (const child of answering ?? []) below.push(draft(child, row));
    below.sort((a, b) => b.segment.startSeconds - a.segment.startSeconds);
    for (const child of below) stack.push(child);
  }
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index]!;
    const above = rows[row.parent];
    if (above === undefined) continue;
    above.size += row.size;
    above.lastEndSeconds = Math.max(above.lastEndSeconds, row.lastEndSeconds);
  }
  return { ...columnsOf(rows), rows, isPartial: trace.isPartial };
}
