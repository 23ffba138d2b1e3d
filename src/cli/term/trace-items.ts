import { endOf } from "../../analysis/self-time.ts";
import type { SpanRow, SpanTree } from "../../analysis/span-tree.ts";
import type { Segment } from "../../trace/segment.ts";
import { cleanText } from "./clean-text.ts";
import { type Glyphs, type State, worst } from "./style.ts";

/** One thing that took time in a trace. A call and the segment that answered it are one item. */
export interface Item {
  /** Ready to print, like `operation`. */
  readonly name: string;
  /** What was asked for: `GET /orders`, `PutItem orders`; empty where nobody said. */
  readonly operation: string;
  /** Epoch milliseconds. */
  readonly startMs: number;
  /** Of what still runs: the end of the trace so far. */
  readonly endMs: number;
  readonly inProgress: boolean;
  readonly state: State;
  /** It went to another service. */
  readonly isCall: boolean;
  /** By their start. */
  readonly children: readonly Item[];
  /** Items of it and of all below it. */
  readonly size: number;
  /** What it was made of: the calling subsegment, the answering segment. */
  readonly entities: readonly Segment[];
}

export interface ItemOptions {
  readonly glyphs: Glyphs;
  /** Subsegments to leave out with all that is below them. */
  readonly omit?: (subsegment: Segment) => boolean;
}

/**
 * A trace as a forest of items: its roots, then subsegments whose parent has not come. Made from the last row to the first,
 * each after what is below it, as a chain of calls may be longer than the engine's own stack.
 */
export function traceItems(tree: SpanTree, { glyphs, omit = () => false }: ItemOptions): Item[] {
  const below: Item[][] = tree.rows.map(() => []);
  const tops: Item[] = [];
  /** Items of segments alone, which the call above them may take in. */
  const answers = new Set<Item>();
  for (const row of tree.rows.toReversed()) {
    if (row.kind === "subsegment" && omit(row.segment)) continue;
    const children = below[row.index]!.reverse();
    const made = itemOf(row, tree, children, glyphs);
    const callees = made.isCall ? children.filter((child) => answers.has(child)) : [];
    const whole = callees.length === 1 ? joined(made, callees[0]!) : made;
    if (row.kind === "segment") answers.add(whole);
    (row.parent < 0 ? tops : below[row.parent]!).push(whole);
  }
  return tops.reverse();
}

function itemOf({ segment, index, state }: SpanRow, tree: SpanTree, children: readonly Item[], glyphs: Glyphs): Item {
  return {
    name: cleanText(segment.name, glyphs),
    operation: cleanText(operationOf(segment), glyphs),
    startMs: segment.startSeconds * 1_000,
    endMs: endOf(tree, index) * 1_000,
    inProgress: segment.inProgress,
    state,
    isCall: segment.namespace !== undefined,
    children,
    size: 1 + children.reduce((sum, { size }) => sum + size, 0),
    entities: [segment],
  };
}

/** A call and its only answer: the times are the callee's, what each enclosed stands side by side. */
function joined(call: Item, answer: Item): Item {
  const own = call.children.filter((child) => child !== answer);
  const children = own.length === 0 ? answer.children : [...own, ...answer.children];
  return {
    ...answer,
    operation: answer.operation === "" ? call.operation : answer.operation,
    state: worst([call.state, answer.state]),
    isCall: true,
    children: own.length === 0 ? children : children.toSorted((a, b) => a.startMs - b.startMs),
    size: call.size - 1,
    entities: [...call.entities, ...answer.entities],
  };
}

function operationOf({ http, aws, sql }: Segment): string {
  if (aws?.operation !== undefined) {
    const resource = aws.tableName ?? aws.bucketName ?? aws.functionName ?? aws.queueUrl?.split("/").at(-1);
    return [aws.operation, resource].filter((part) => part !== undefined).join(" ");
  }
  if (sql?.sanitizedQuery !== undefined) return sql.sanitizedQuery;
  if (http?.url === undefined) return http?.method ?? "";
  return [http.method, pathOf(http.url)].filter((part) => part !== undefined).join(" ");
}

/** A URL's path; what has no scheme and host is taken as it is. Ten times as fast as to parse it, which counts here. */
function pathOf(url: string): string {
  const path = /^[a-z][\w+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1];
  return path === undefined ? url : path || "/";
}
