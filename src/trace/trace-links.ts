import { asObject, asText } from "./members.ts";
import type { Link, Segment } from "./segment.ts";
import type { NodeId, Trace, TraceSegment } from "./trace.ts";

/** That a segment took up work which had been waiting for it: what it was waiting in, or who had left it. */
export interface TraceLink {
  readonly from: NodeId;
  /** Index into `Trace.segments`. */
  readonly to: number;
  /** How long the work had waited, in the case of several the longest; known where both ends are in one trace. */
  readonly ageSeconds?: number;
}

/**
 * The links of a trace's segments whose other end can be told: by what they name, where that is in the same trace, and
 * otherwise by the queue that a consumer says it consumes. One for each segment and other end, segment by segment.
 */
export function findLinks(trace: Trace): readonly TraceLink[] {
  if (!trace.segments.some(({ links }) => links !== undefined)) return none;
  const places = placesOf(trace);
  const found: TraceLink[] = [];
  trace.segments.forEach((segment, to) => {
    const sources = new Map<string, TraceLink>();
    for (const link of segment.links ?? none) {
      const source = sourceOf(link, segment, places);
      if (source === undefined) continue;
      const key = JSON.stringify([source.node.name, source.node.type, source.node.accountId]);
      const age = longer(sources.get(key)?.ageSeconds, source.ageSeconds);
      sources.set(key, { from: source.node, to, ...(age !== undefined && { ageSeconds: age }) });
    }
    found.push(...sources.values());
  });
  return found;
}

const none: readonly never[] = Object.freeze([]);

interface Source {
  readonly node: NodeId;
  readonly ageSeconds?: number;
}

/** A (sub)segment that links may name. */
interface Place {
  readonly segment: Segment;
  readonly node: NodeId;
}

function sourceOf(link: Link, consumer: TraceSegment, places: ReadonlyMap<string, Place>): Source | undefined {
  const place = link.traceId === consumer.traceId && link.id !== undefined ? places.get(link.id) : undefined;
  if (place === undefined) {
    const node = queueOf(asObject(link.attributes)) ?? queueOfSegment(consumer);
    return node && { node };
  }
  // Who is called by it has an edge from it already.
  if (link.id === consumer.parentId || place.segment === consumer) return undefined;
  const { endSeconds } = place.segment;
  if (endSeconds === undefined) return { node: place.node };
  return { node: place.node, ageSeconds: Math.max(0, consumer.startSeconds - endSeconds) };
}

/** A call to a queue is where work waits; anything else that is named has left it itself. */
function placesOf({ segments, calls }: Trace): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const add = (segment: Segment, node: NodeId): void => {
    places.set(segment.id, { segment, node });
    for (const subsegment of segment.subsegments) add(subsegment, node);
  };
  for (const segment of segments) if (!segment.inferred) add(segment, segment.node);
  for (const { caller, to } of calls) {
    const callee = segments[to]!;
    if (callee.inferred) places.set(caller.id, { segment: caller, node: callee.node });
  }
  return places;
}

function queueOfSegment({ aws, metadata }: Segment): NodeId | undefined {
  if (aws?.queueUrl !== undefined) return { name: aws.queueUrl, type: "AWS::SQS::Queue" };
  return queueOf(asObject(asObject(metadata)?.default));
}

/** By OpenTelemetry's attributes about messages: the node that a producer's call to the same queue goes to. */
function queueOf(attributes: Readonly<Record<string, unknown>> | undefined): NodeId | undefined {
  if (attributes === undefined) return undefined;
  const read = (...keys: readonly string[]): string | undefined => {
    for (const key of keys) {
      const text = asText(attributes[key]);
      if (text !== undefined && text !== "") return text;
    }
    return undefined;
  };
  const url = read("aws.sqs.queue.url", "aws.queue_url", "messaging.url");
  if (url !== undefined) return { name: url, type: "AWS::SQS::Queue" };
  const queue = read("messaging.destination.name", "messaging.destination");
  if (queue === undefined) return undefined;
  const system = read("messaging.system");
  if (system === "aws_sqs" || system === "AmazonSQS") return { name: "SQS", type: "AWS::SQS" };
  const host = read("server.address", "net.peer.name", "network.peer.address", "net.sock.peer.addr");
  return { name: `${queue}@${host ?? system ?? "queue"}`, type: "remote" };
}

function longer(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}
