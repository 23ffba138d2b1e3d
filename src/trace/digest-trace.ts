import { traceIdSeconds } from "../xray/trace-id.ts";
import type { DigestCall, DigestLink, DigestSegment, TraceDigest } from "./digest.ts";
import { asObject, type WireObject } from "./members.ts";
import { rootCauses } from "./root-causes.ts";
import type { AnnotationValue, Segment } from "./segment.ts";
import type { Call, NodeId, Trace, TraceSegment } from "./trace.ts";
import { findLinks } from "./trace-links.ts";

/** Annotations beyond this many per trace can be read in the documents, but not searched: X-Ray's own limit. */
const MAX_INDEXED_ANNOTATIONS = 50;

const DAY_SECONDS = 86_400;

export interface DigestOptions {
  readonly maxAnnotations?: number;
  /** How many traces this one stands for. */
  readonly weight?: number;
}

/** What filters, graphs and summaries need of a trace. The same trace gives the same digest. */
export function digestTrace(
  trace: Trace,
  revision: number,
  { maxAnnotations = MAX_INDEXED_ANNOTATIONS, weight = 1 }: DigestOptions = {},
): TraceDigest {
  const nodes: NodeId[] = [];
  const indexOfNode = indexing(nodes);
  const walk: Walk = { annotations: [], annotationsLeft: maxAnnotations, throttle: false };
  const segments = trace.segments.map((segment) => digestSegment(segment, indexOfNode(segment.node), walk));
  const links = findLinks(trace).map(({ from, ...link }): DigestLink => ({ from: indexOfNode(from), ...link }));
  return {
    id: trace.id,
    revision,
    startSeconds: trace.startSeconds,
    endSeconds: trace.endSeconds,
    idSeconds: idSecondsOf(trace),
    isPartial: trace.isPartial,
    nodes,
    segments,
    calls: trace.calls.map((call) => digestCall(call, trace.segments[call.to]!)),
    entry: trace.entry === undefined ? undefined : trace.segments.indexOf(trace.entry),
    ...(links.length > 0 && { links }),
    ...(weight > 1 && { weight }),
    ...rootCauses(trace),
  } as TraceDigest;
}

/** A trace id may be random in all its digits; its time is believed when it agrees with the clock of the senders. */
function idSecondsOf({ id, startSeconds }: Trace): number {
  const seconds = traceIdSeconds(id);
  return Math.abs(seconds - startSeconds) <= DAY_SECONDS ? seconds : startSeconds;
}

/** What is gathered from a segment and all its subsegments. */
interface Walk {
  annotations: (readonly [key: string, value: AnnotationValue])[];
  /** Of the whole trace. */
  annotationsLeft: number;
  throttle: boolean;
}

function digestSegment(segment: TraceSegment, node: number, walk: Walk): DigestSegment {
  walk.annotations = [];
  walk.throttle = false;
  gather(segment, walk);
  return {
    node,
    startSeconds: segment.startSeconds,
    endSeconds: segment.endSeconds,
    inProgress: segment.inProgress,
    inferred: segment.inferred,
    isRoot: segment.isRoot,
    awaitsCaller: segment.isRoot && segment.parentId !== undefined,
    fault: segment.fault,
    error: segment.error,
    throttle: walk.throttle,
    throttled: segment.throttle,
    http: segment.http,
    user: segment.user,
    resourceArns: arnsOf(segment),
    instanceId: segment.aws?.instanceId,
    availabilityZone: segment.aws?.availabilityZone,
    annotations: walk.annotations,
  } as DigestSegment;
}

function gather(place: Segment, walk: Walk): void {
  if (place.throttle) walk.throttle = true;
  if (place.annotations !== undefined) gatherAnnotations(place.annotations, walk);
  for (const subsegment of place.subsegments) gather(subsegment, walk);
}

function gatherAnnotations(annotations: Readonly<Record<string, AnnotationValue>>, walk: Walk): void {
  for (const key of Object.keys(annotations)) {
    const value = annotations[key]!;
    if (walk.annotationsLeft === 0) return;
    if (!isIndexable(key) || walk.annotations.some((known) => known[0] === key && known[1] === value)) continue;
    walk.annotations.push([key, value]);
    walk.annotationsLeft -= 1;
  }
}

/** Letters, digits, `_`, `.` and `-`: what a filter expression can name. */
function isIndexable(key: string): boolean {
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
    const isDigit = code >= 48 && code <= 57;
    if (!isLetter && !isDigit && code !== 95 && code !== 46 && code !== 45) return false;
  }
  return key !== "";
}

function arnsOf({ resourceArn, aws }: Segment): readonly string[] | undefined {
  if (aws === undefined) return resourceArn === undefined ? undefined : [resourceArn];
  const ecs = asObject(aws.raw.ecs);
  const arns = [resourceArn, aws.topicArn, ...arnMembers(aws.raw, awsArns), ...(ecs ? arnMembers(ecs, ecsArns) : [])];
  const distinct = [...new Set(arns.filter((arn) => arn !== undefined))];
  return distinct.length > 0 ? distinct : undefined;
}

const awsArns = ["function_arn", "state_machine_arn", "stream_arn"];
const ecsArns = ["container_arn", "task_arn"];

function arnMembers(block: WireObject, members: readonly string[]): string[] {
  return members.map((member) => block[member]).filter((arn): arn is string => typeof arn === "string" && arn !== "");
}

function digestCall({ from, to, caller }: Call, callee: TraceSegment): DigestCall {
  // Only a call names its callee; a plain subsegment is named after what the program did.
  const isNamed = caller.namespace !== undefined && !callee.inferred && caller.name !== callee.node.name;
  return {
    from,
    to,
    alias: isNamed ? caller.name : undefined,
    startSeconds: caller.startSeconds,
    endSeconds: caller.endSeconds,
    inProgress: caller.inProgress,
    fault: caller.fault,
    error: caller.error,
    throttled: caller.throttle,
    http: caller.http,
  } as DigestCall;
}

/** Gives each distinct node its place in the list. Nearly always a name belongs to one node. */
function indexing(nodes: NodeId[]): (node: NodeId) => number {
  const firstOfName = new Map<string, number>();
  const namesakes = new Map<string, number>();
  return (node) => {
    const first = firstOfName.get(node.name);
    if (first === undefined) {
      firstOfName.set(node.name, nodes.length);
      return nodes.push(node) - 1;
    }
    if (isSameNode(nodes[first]!, node)) return first;
    const key = JSON.stringify([node.name, node.type, node.accountId]);
    const known = namesakes.get(key) ?? nodes.push(node) - 1;
    namesakes.set(key, known);
    return known;
  };
}

function isSameNode(a: NodeId, b: NodeId): boolean {
  return a.name === b.name && a.type === b.type && a.accountId === b.accountId;
}
