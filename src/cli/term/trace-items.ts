import type { Segment } from "../../trace/segment.ts";
import type { Trace, TraceSegment } from "../../trace/trace.ts";
import { cleanText } from "./clean-text.ts";
import { type Glyphs, type State, stateOf, worst } from "./style.ts";

/** One thing that took time in a trace. A call and the segment that answered it are one item. */
export interface Item {
  /** Ready to print, like `operation`. */
  readonly name: string;
  /** What was asked for: `GET /orders`, `PutItem orders`; empty where nobody said. */
  readonly operation: string;
  /** The service whose time it is. */
  readonly service: string;
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
  /** What it was made of: the calling subsegment, the answering segment. */
  readonly entities: readonly Segment[];
}

export interface ItemOptions {
  readonly glyphs: Glyphs;
  /** Subsegments to leave out with all that is below them. */
  readonly omit?: (subsegment: Segment) => boolean;
}

/** A trace as a forest of items: its roots, then subsegments whose parent has not come. */
export function traceItems(trace: Trace, { glyphs, omit = () => false }: ItemOptions): Item[] {
  const answers = new Map<string, TraceSegment[]>();
  for (const { to } of trace.calls) {
    const callee = trace.segments[to]!;
    const others = answers.get(callee.parentId!);
    if (others === undefined) answers.set(callee.parentId!, [callee]);
    else others.push(callee);
  }
  const text = (raw: string): string => cleanText(raw, glyphs);
  const onTheWay = new Set<TraceSegment>();

  const below = (entities: readonly Segment[], service: string): Item[] =>
    entities
      .flatMap((entity) => [
        ...entity.subsegments.filter((each) => !omit(each)).map((each) => subsegmentItem(each, service)),
        // The answer to a call is part of the call's own item.
        ...(entity.namespace === undefined ? (answers.get(entity.id) ?? []) : []).flatMap(segmentItem),
      ])
      .toSorted((a, b) => a.startMs - b.startMs);

  const segmentItem = (segment: TraceSegment): Item[] => {
    // Segments that name each other as parents would go round for ever.
    if (onTheWay.has(segment)) return [];
    onTheWay.add(segment);
    const made = item(segment, [segment], text(segment.node.name), text(segment.node.name));
    onTheWay.delete(segment);
    return [made];
  };

  const subsegmentItem = (subsegment: Segment, service: string): Item => {
    const callees = subsegment.namespace === undefined ? [] : (answers.get(subsegment.id) ?? []);
    const [callee] = callees;
    if (callees.length !== 1 || callee === undefined || onTheWay.has(callee)) {
      const made = item(subsegment, [subsegment], text(subsegment.name), service);
      const children = [...made.children, ...callees.flatMap(segmentItem)].toSorted((a, b) => a.startMs - b.startMs);
      return { ...made, children };
    }
    if (callee.inferred) return item(subsegment, [subsegment], text(subsegment.name), text(callee.node.name));
    onTheWay.add(callee);
    const made = item(callee, [subsegment, callee], text(callee.node.name), text(callee.node.name));
    onTheWay.delete(callee);
    return made;
  };

  const item = (timed: Segment, entities: readonly Segment[], name: string, service: string): Item => ({
    name,
    operation: text(entities.map(operationOf).findLast((operation) => operation !== "") ?? ""),
    service,
    startMs: timed.startSeconds * 1_000,
    endMs: Math.max(timed.startSeconds, timed.endSeconds ?? trace.endSeconds) * 1_000,
    inProgress: timed.inProgress,
    state: entities.length === 1 ? stateOf(entities[0]!) : worst(entities.map(stateOf)),
    isCall: entities.some(({ namespace }) => namespace !== undefined),
    children: below(entities, service),
    entities,
  });

  const roots = trace.segments.filter(({ isRoot, inferred }) => isRoot && !inferred).flatMap(segmentItem);
  return [...roots, ...trace.orphans.map((orphan) => subsegmentItem(orphan, text(orphan.name)))];
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
