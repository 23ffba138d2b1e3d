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

interface Draft {
  segment: Segment;
  parent: number;
  depth: number;
  owner: string;
  kind: SpanRow["kind"];
  isOrphan: boolean;
}

/** Puts the segments of a trace in the order of a waterfall: callees beneath their calls, siblings by their start. */
export function spanTree(trace: Trace): SpanTree {
  const callees = new Map<string, TraceSegment[]>();
  const inferred = new Map<string, NodeId>();
  for (const { to, caller } of trace.calls) {
    const callee = trace.segments[to]!;
    if (callee.inferred) inferred.set(caller.id, callee.node);
    else callees.set(caller.id, [...(callees.get(caller.id) ?? []), callee]);
  }
  const called = new Set<Segment>([...callees.values()].flat());
  const tops = trace.segments.filter((segment) => !segment.inferred && !called.has(segment));

  const rows: (SpanRow & { size: number; lastEndSeconds: number })[] = [];
  // A stack, not a recursion: a chain of calls may be longer than the engine's own stack.
  const stack: Draft[] = [
    ...trace.orphans.map((segment) => top(segment, true)).reverse(),
    ...tops.map((segment) => top(segment, false)).reverse(),
  ];
  const seen = new Set<Segment>();
  // Segments that call each other in a circle have no top: the first of them that has not been seen by then is taken for it.
  const circles = trace.segments.filter((segment) => called.has(segment)).values();
  const next = (): Draft | undefined => {
    const draft = stack.pop();
    if (draft !== undefined) return draft;
    for (const segment of circles) if (!seen.has(segment)) return top(segment, false);
    return undefined;
  };
  for (let draft = next(); draft !== undefined; draft = next()) {
    const { segment, parent, depth, owner, kind, isOrphan } = draft;
    if (seen.has(segment)) continue;
    seen.add(segment);
    const callee = inferred.get(segment.id);
    const index = rows.length;
    rows.push({
      index,
      segment,
      kind,
      parent,
      depth,
      size: 1,
      service: callee?.name ?? owner,
      ...(callee !== undefined && { inferred: callee }),
      isOrphan,
      state: stateOf(segment),
      lastEndSeconds: segment.endSeconds ?? segment.startSeconds,
    });
    const below: Draft[] = [];
    for (const child of segment.subsegments) {
      below.push({ segment: child, parent: index, depth: depth + 1, owner, kind: "subsegment", isOrphan: false });
    }
    for (const child of callees.get(segment.id) ?? []) {
      const { name } = child.node;
      below.push({ segment: child, parent: index, depth: depth + 1, owner: name, kind: "segment", isOrphan: false });
    }
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

function top(segment: Segment, isOrphan: boolean): Draft {
  const kind = segment.isSubsegment ? "subsegment" : "segment";
  return { segment, parent: -1, depth: 0, owner: segment.name, kind, isOrphan };
}
