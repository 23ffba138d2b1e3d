import { asObject, type WireObject } from "../trace/members.ts";
import { parseTraceId } from "../xray/trace-id.ts";
import { awsOf, awsServiceOf } from "./aws-of-span.ts";
import { causeOf, isException } from "./cause-of-span.ts";
import { databaseOf, sqlOf } from "./database-of-span.ts";
import { derivedId } from "./derived-id.ts";
import { flagsOf } from "./flags-of-span.ts";
import { httpOf } from "./http-of-span.ts";
import { leftOf } from "./left-attributes.ts";
import { segmentName, subsegmentName } from "./name-of-span.ts";
import { toSeconds } from "./nanoseconds.ts";
import type { Service } from "./service-of-resource.ts";
import { type Span, type SpanEvent, type SpanLink, spanKind } from "./span.ts";
import { isCall, readingOf, type SpanReading } from "./span-reading.ts";
import { saying } from "./wire-members.ts";

/** What of a span's surroundings its document depends on. */
export interface Surroundings {
  readonly isOurs: boolean;
  /** The span is a segment of this service; undefined for a subsegment. */
  readonly service: Service | undefined;
  /** `callee` of the span around it. */
  readonly caller: string | undefined;
}

/** The members of a (sub)segment but for its trace, its parent and its subsegments; and what others need to know. */
export interface SpanDocumentParts {
  readonly members: WireObject;
  readonly hasFailed: boolean;
  /** Id of the first exception. */
  readonly exceptionId: string | undefined;
  /** The name of the AWS service or the database that it calls: an HTTP call below it is how it does so. */
  readonly callee: string | undefined;
}

/** Makes the (sub)segment that a span is. */
export function documentOf(span: Span, { isOurs, service, caller }: Surroundings): SpanDocumentParts {
  const reading = readingOf(span, isOurs);
  const { attributes } = reading;
  const awsService = awsServiceOf(reading);
  const database = awsService === undefined || isOurs ? databaseOf(reading) : undefined;
  const name =
    service === undefined ? subsegmentName(reading, awsService, database) : segmentName(reading, service.name);
  const callAws = awsOf(reading, awsService);
  const http = httpOf(reading, awsService !== undefined);
  const status = asObject(http?.response)?.status as number | undefined;
  const flags = flagsOf(reading, status, awsService !== undefined);
  const cause = causeOf(reading, status);
  const sql = database === undefined || (service !== undefined && !isOurs) ? undefined : sqlOf(reading, database);
  // What a call of AWS or of a database is made with, its second half as it were, is no second call.
  const isHalf = caller !== undefined && (caller === name || (awsService === undefined && database === undefined));
  const isWhole = isCall(span.kind) && (isOurs || !isHalf);
  const isInProgress = attributes.isTrue("aws.xray.inprogress") || /^0*$/.test(span.endTimeUnixNano);
  const members = {
    id: span.spanId,
    name,
    start_time: toSeconds(span.startTimeUnixNano),
    // A span without an end has not ended.
    end_time: isInProgress ? undefined : toSeconds(span.endTimeUnixNano),
    in_progress: isInProgress || undefined,
    fault: flags.fault,
    error: flags.error,
    throttle: flags.throttle,
    namespace: service !== undefined || !isWhole ? undefined : namespaceOf(awsService),
    origin: attributes.text("aws.xray.origin") ?? service?.origin,
    user: attributes.text(["enduser.id", "user.id"]),
    resource_arn: attributes.text("aws.xray.resource_arn") ?? service?.resourceArn,
    http,
    sql,
    aws: service === undefined ? callAws : segmentAws(reading, service.aws, callAws),
    cause,
    service: service?.service,
    precursor_ids: attributes.texts("aws.xray.precursor_ids"),
    traced: attributes.isTrue("aws.xray.traced") || undefined,
    links: linksOf(span),
    // Last: what is left is what nobody has read.
    ...leftOf(reading, service?.left ?? [], isOurs ? undefined : ofSpan(span, name)),
  };
  return {
    members,
    hasFailed: flags.fault === true || flags.error === true,
    exceptionId: exceptionIdOf(cause),
    callee: isCall(span.kind) && (awsService !== undefined || database !== undefined) ? name : undefined,
  };
}

const namespaceOf = (awsService: string | undefined): string => (awsService === undefined ? "remote" : "aws");

/** The machine and the SDK of the resource, with what the span itself says. */
function segmentAws(
  { attributes }: SpanReading,
  ofResource: WireObject | undefined,
  ofCall: WireObject | undefined,
): WireObject | undefined {
  const rule = attributes.text("aws.xray.sampling_rule_name");
  const xray = rule === undefined ? {} : { xray: { ...asObject(ofResource?.xray), sampling_rule_name: rule } };
  return saying({ ...ofResource, ...ofCall, ...xray });
}

function linksOf({ links }: Span): readonly WireObject[] | undefined {
  const read = links.map(linkOf).filter((link) => link !== undefined);
  return read.length === 0 ? undefined : read;
}

function linkOf({ traceId, spanId, attributes }: SpanLink): WireObject | undefined {
  const trace_id = parseTraceId(traceId);
  if (trace_id === undefined) return undefined;
  return { trace_id, id: spanId, attributes: attributes.size === 0 ? undefined : Object.fromEntries(attributes) };
}

/** What a span has besides attributes and no document has a place for. */
function ofSpan(span: Span, name: string): WireObject | undefined {
  const events = span.events.filter((event) => !isException(event));
  return saying({
    name: span.name === name || span.name === "" ? undefined : span.name,
    kind: span.kind === spanKind.producer ? "producer" : span.kind === spanKind.consumer ? "consumer" : undefined,
    events: events.length === 0 ? undefined : events.map(eventOf),
  });
}

function eventOf({ name, timeUnixNano, attributes }: SpanEvent): WireObject {
  return {
    name,
    time: toSeconds(timeUnixNano),
    attributes: attributes.size === 0 ? undefined : Object.fromEntries(attributes),
  };
}

function exceptionIdOf(cause: WireObject | string | undefined): string | undefined {
  if (typeof cause !== "object" || !Array.isArray(cause.exceptions)) return undefined;
  return cause.exceptions[0]?.id;
}

/**
 * The segment around a call that no segment of its service is around: what a program without a server did. It has an
 * id of its own, and takes as long as the call.
 */
export function segmentAround(
  span: Span,
  service: Service,
  call: SpanDocumentParts,
  exceptionId: string | undefined,
): WireObject {
  const { start_time, end_time, in_progress, fault, error, throttle } = call.members;
  return {
    id: derivedId(span.spanId, 0),
    name: segmentName(readingOf(span, false), service.name),
    start_time,
    end_time,
    in_progress,
    fault,
    error,
    throttle,
    cause: call.hasFailed ? exceptionId : undefined,
    origin: service.origin,
    resource_arn: service.resourceArn,
    aws: service.aws,
    service: service.service,
    metadata: service.left.length === 0 ? undefined : { default: Object.fromEntries(service.left) },
  };
}
