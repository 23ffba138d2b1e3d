import { labelShapes } from "./label-shapes.ts";
import { endOf } from "./self-time.ts";
import { type SpanColumns, spanFlag } from "./span-columns.ts";

/** Siblings that did the same, but for ids and numbers in what they asked for. */
export interface RepeatedCalls {
  /** The row that they are below. */
  readonly parent: number;
  /** By their start. */
  readonly rows: readonly number[];
  readonly service: string;
  readonly name: string;
  readonly totalSeconds: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
  /** Calls that were made one after another: what a single one could often have fetched. */
  readonly suspectsNPlusOne: boolean;
}

/** Fewer that are alike are no pattern. */
const fewestRepeated = 3;
const fewestSuspect = 5;

/** All groups of siblings that did the same, in the order of the waterfall. */
export function repeatedCalls(tree: SpanColumns): readonly RepeatedCalls[] {
  const shapes = labelShapes(tree);
  const found: RepeatedCalls[] = [];
  for (let parent = 0; parent < tree.count; parent += 1) {
    const end = parent + tree.sizes[parent]!;
    if (end - parent <= fewestRepeated) continue;
    const alike = new Map<number, number[]>();
    for (let child = parent + 1; child < end; child += tree.sizes[child]!) {
      const shape = shapes[tree.labelOf[child]!]!;
      const rows = alike.get(shape);
      if (rows === undefined) alike.set(shape, [child]);
      else rows.push(child);
    }
    for (const rows of alike.values()) if (rows.length >= fewestRepeated) found.push(describe(tree, parent, rows));
  }
  return found;
}

function describe(tree: SpanColumns, parent: number, rows: readonly number[]): RepeatedCalls {
  let [totalSeconds, minSeconds, maxSeconds] = [0, Number.POSITIVE_INFINITY, 0];
  let isSequence = true;
  let areCalls = true;
  let lastEnd = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const start = tree.starts[row]!;
    const seconds = endOf(tree, row) - start;
    totalSeconds += seconds;
    minSeconds = Math.min(minSeconds, seconds);
    maxSeconds = Math.max(maxSeconds, seconds);
    isSequence &&= start >= lastEnd;
    areCalls &&= (tree.flags[row]! & spanFlag.call) !== 0;
    lastEnd = endOf(tree, row);
  }
  const label = tree.labels[tree.labelOf[rows[0]!]!]!;
  return {
    parent,
    rows,
    service: tree.services[label.service]!,
    name: label.name,
    totalSeconds,
    minSeconds,
    maxSeconds,
    suspectsNPlusOne: areCalls && isSequence && rows.length >= fewestSuspect,
  };
}
