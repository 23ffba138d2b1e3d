import { labelShapes } from "./label-shapes.ts";
import { rowState } from "./row-facts.ts";
import { endOf, selfSeconds } from "./self-time.ts";
import { shapeOf } from "./shape-of.ts";
import type { SpanColumns } from "./span-columns.ts";
import type { State } from "./state-of.ts";

/** What one service spent on one operation in a trace. */
export interface TraceTableRow {
  readonly service: string;
  readonly name: string;
  /** The request, statement or operation, with `#` for ids and numbers. */
  readonly operation: string;
  readonly count: number;
  readonly totalSeconds: number;
  readonly selfSeconds: number;
  readonly p50Seconds: number;
  readonly p95Seconds: number;
  readonly maxSeconds: number;
  /** Each row is in one of these at most. */
  readonly faults: number;
  readonly errors: number;
  readonly throttles: number;
  /** The row that took longest. */
  readonly slowest: number;
}

/** The rows of a trace by service and operation; those that took most of their own time first. */
export function traceTable(tree: SpanColumns): readonly TraceTableRow[] {
  const shapes = labelShapes(tree);
  const self = selfSeconds(tree);
  const groups = new Map<number, number[]>();
  for (let row = 0; row < tree.count; row += 1) {
    const shape = shapes[tree.labelOf[row]!]!;
    const rows = groups.get(shape);
    if (rows === undefined) groups.set(shape, [row]);
    else rows.push(row);
  }
  return [...groups.values()].map((rows) => summarise(tree, rows, self)).sort((a, b) => b.selfSeconds - a.selfSeconds);
}

function summarise(tree: SpanColumns, rows: readonly number[], self: Float64Array): TraceTableRow {
  const durations = Float64Array.from(rows, (row) => endOf(tree, row) - tree.starts[row]!);
  const slowest = rows[durations.indexOf(durations.reduce((most, each) => Math.max(most, each), 0))] ?? rows[0]!;
  durations.sort();
  const rank = (share: number): number => durations[Math.max(0, Math.ceil(share * durations.length) - 1)]!;
  const inState = (state: State): number => rows.filter((row) => rowState(tree, row) === state).length;
  const label = tree.labels[tree.labelOf[rows[0]!]!]!;
  return {
    service: tree.services[label.service]!,
    name: label.name,
    operation: shapeOf(label.detail),
    count: rows.length,
    totalSeconds: durations.reduce((sum, each) => sum + each, 0),
    selfSeconds: rows.reduce((sum, row) => sum + self[row]!, 0),
    p50Seconds: rank(0.5),
    p95Seconds: rank(0.95),
    maxSeconds: durations.at(-1)!,
    faults: inState("fault"),
    errors: inState("error"),
    throttles: inState("throttle"),
    slowest,
  };
}
