import { endOf, selfSeconds } from "../analysis/self-time.ts";
import { spanFlag } from "../analysis/span-columns.ts";
import type { SpanTree } from "../analysis/span-tree.ts";
import type { Segment } from "../trace/segment.ts";

/** A segment or subsegment in a few words. */
export interface DescribedRow {
  readonly id: string;
  /** Absent at the top. */
  readonly parentId?: string;
  readonly service: string;
  readonly name: string;
  /** The request, statement or operation. */
  readonly operation?: string;
  /** Since the trace began. */
  readonly startMs: number;
  readonly ms: number;
  /** Without what it waited for. */
  readonly selfMs: number;
  /** Absent for one that went well. */
  readonly state?: string;
  readonly isInProgress?: true;
}

/** All rows of a trace in a few words each, in the order of a waterfall. */
export function describeRows(tree: SpanTree): DescribedRow[] {
  const self = selfSeconds(tree);
  return tree.rows.map((_, row) => describeRow(tree, row, self));
}

export function describeRow(tree: SpanTree, row: number, self: Float64Array): DescribedRow {
  const { name, detail, service } = tree.labels[tree.labelOf[row]!]!;
  const parent = tree.parents[row]!;
  const { state } = tree.rows[row]!;
  const start = tree.starts[row]!;
  return {
    id: tree.ids.at(row),
    ...(parent >= 0 && { parentId: tree.ids.at(parent) }),
    service: tree.services[service]!,
    name,
    ...(detail !== "" && { operation: detail }),
    startMs: (start - tree.startSeconds) * 1_000,
    ms: (endOf(tree, row) - start) * 1_000,
    selfMs: self[row]! * 1_000,
    ...(state !== "ok" && { state }),
    ...((tree.flags[row]! & spanFlag.inProgress) !== 0 && { isInProgress: true as const }),
  };
}

/** What went wrong, furthest down first: there it began. */
export function describeFailures(tree: SpanTree, most = 10): object[] {
  return tree.rows
    .filter(({ state, segment }) => state !== "ok" || (segment.cause?.exceptions.length ?? 0) > 0)
    .toSorted((a, b) => b.depth - a.depth || a.index - b.index)
    .slice(0, most)
    .map(({ segment, service, state }) => ({
      id: segment.id,
      service,
      name: segment.name,
      state,
      ...(segment.http?.status !== undefined && { status: segment.http.status }),
      exceptions: describeExceptions(segment),
    }));
}

function describeExceptions({ cause }: Segment): object[] {
  return (cause?.exceptions ?? []).slice(0, 3).map(({ type, message, stack = [] }) => ({
    type,
    message,
    // The first frames say where; the others, how one got there.
    at: stack
      .slice(0, 5)
      .map(({ path, line, label }) => [label, [path, line].filter(Boolean).join(":")].filter(Boolean).join(" ")),
  }));
}

/** All that was recorded of one segment or subsegment. */
export function describeWhole(tree: SpanTree, row: number, self: Float64Array): object {
  const { segment } = tree.rows[row]!;
  const { http, sql, aws, annotations, metadata, origin, namespace, user } = segment;
  return {
    ...describeRow(tree, row, self),
    namespace,
    origin,
    user,
    http,
    sql,
    aws: aws?.raw,
    annotations,
    metadata: metadata === undefined ? undefined : JSON.stringify(metadata),
    exceptions: describeExceptions(segment),
  };
}
