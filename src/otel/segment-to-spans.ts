import { causeExceptions } from "../trace/cause-exceptions.ts";
import type { Cause, Exception, Link, Segment } from "../trace/segment.ts";
import { toW3cTraceId } from "../xray/trace-id.ts";
import { addAwsCall, addAwsService, sendsMessage } from "./aws-attributes.ts";
import { exceptionEvent } from "./exception-event.ts";
import { addHttp } from "./http-attributes.ts";
import { toNanoseconds } from "./nanoseconds.ts";
import { ownScope } from "./own-scope.ts";
import { findOwners } from "./owners.ts";
import { isOfResource } from "./platform-attributes.ts";
import { resourceOf, unknownResource } from "./resource-of-segment.ts";
import {
  type AttributeValue,
  parentFlags,
  type Resource,
  type ResourceSpans,
  type Span,
  type SpanKind,
  type SpanLink,
  type SpanStatus,
  spanKind,
  statusCode,
} from "./span.ts";
import { addSql } from "./sql-attributes.ts";

/**
 * Segments, and subsegments sent alone, as spans: one for each (sub)segment, a group for each of the given, in order.
 * A subsegment sent alone gets the resource of its segment where that is given too. Nothing is lost: what OpenTelemetry
 * has no convention for is in attributes that start with `aws.xray`.
 */
export function segmentsToSpans(segments: readonly Segment[]): readonly ResourceSpans[] {
  const owners = findOwners(segments);
  return segments.map((segment) => {
    const owner = segment.isSubsegment ? owners.get(segment) : segment;
    const resource = owner === undefined ? unknownResource : resourceOf(owner);
    const spans: Span[] = [];
    addSpans(segment, resource, spans);
    return { resource, scope: ownScope, spans };
  });
}

function addSpans(segment: Segment, resource: Resource, spans: Span[]): void {
  spans.push(spanOf(segment, resource));
  for (const subsegment of segment.subsegments) addSpans(subsegment, resource, spans);
}

function spanOf(segment: Segment, resource: Resource): Span {
  const { startSeconds, endSeconds = startSeconds, cause, links } = segment;
  const kind = kindOf(segment);
  const exceptions = cause?.exceptions ?? none;
  const endTimeUnixNano = toNanoseconds(endSeconds);
  return {
    traceId: toW3cTraceId(segment.traceId),
    spanId: segment.id,
    parentSpanId: segment.parentId,
    flags: flagsOf(segment),
    name: segment.name,
    kind,
    startTimeUnixNano: toNanoseconds(startSeconds),
    endTimeUnixNano,
    attributes: attributesOf(segment, kind),
    events: exceptions.map((exception) => exceptionEvent(exception, endTimeUnixNano, languageOf(resource))),
    links: links === undefined ? none : links.map(linkOf),
    status: statusOf(segment, kind),
  };
}

const none: readonly never[] = Object.freeze([]);

/**
 * A segment serves, whatever it was started by. A root that was started by messages of other traces consumed them: only
 * a root, for a consumer with a parent would be a subsegment when it comes back.
 */
function kindOf({ isSubsegment, parentId, links, http, namespace, aws }: Segment): SpanKind {
  if (!isSubsegment) {
    return links !== undefined && parentId === undefined && http === undefined ? spanKind.consumer : spanKind.server;
  }
  if (namespace === undefined) return spanKind.internal;
  return namespace === "aws" && sendsMessage(aws) ? spanKind.producer : spanKind.client;
}

const sampled = 0x01;

/** Only a segment's parent may be in another process. What arrives here was sampled. */
function flagsOf({ isSubsegment, parentId }: Segment): number {
  const isRemote = !isSubsegment && parentId !== undefined;
  return sampled | parentFlags.isKnown | (isRemote ? parentFlags.isRemote : 0);
}

function languageOf(resource: Resource): string | undefined {
  const language = resource.attributes.get("telemetry.sdk.language");
  return typeof language === "string" ? language : undefined;
}

function linkOf({ traceId, id, attributes = {} }: Link): SpanLink {
  return {
    traceId: toW3cTraceId(traceId),
    spanId: id,
    attributes: new Map(Object.entries(attributes).map(([key, value]) => [key, linkValue(value)])),
  };
}

/** Lists and objects as JSON: readers of OTLP limit how deep a value may be. */
function linkValue(value: unknown): AttributeValue {
  return typeof value === "object" ? JSON.stringify(value) : (value as string | number | boolean);
}

/**
 * Failed is what has a fault, and what has an error, but for a server that answered 4xx: by OpenTelemetry's conventions
 * that is the client's failure alone. The flags themselves are attributes.
 */
function statusOf(segment: Segment, kind: SpanKind): SpanStatus | undefined {
  if (!hasFailed(segment, kind)) return undefined;
  return { code: statusCode.error, message: causeExceptions(segment)[0]?.message };
}

function hasFailed({ fault, error, throttle, http }: Segment, kind: SpanKind): boolean {
  if (fault) return true;
  if (!error && !throttle) return false;
  const status = http?.status ?? 0;
  return !(kind === spanKind.server && status >= 400 && status < 500);
}

function attributesOf(segment: Segment, kind: SpanKind): Map<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>();
  const { http, sql, aws, isSubsegment } = segment;
  if (http !== undefined) addHttp(attributes, http, kind);
  if (segment.namespace === "aws") addAwsService(attributes, segment.name);
  if (aws !== undefined) {
    addAwsCall(attributes, aws, isSubsegment ? () => false : isOfResource);
    if (aws.samplingRule !== undefined && !isSubsegment) {
      attributes.set("aws.xray.sampling_rule_name", aws.samplingRule);
    }
  }
  if (sql !== undefined) addSql(attributes, sql);
  if (hasFailed(segment, kind)) addErrorType(attributes, segment);
  addXray(attributes, segment);
  if (segment.cause !== undefined) addCause(attributes, segment.cause);
  if (segment.annotations !== undefined) addAnnotations(attributes, segment.annotations);
  if (segment.metadata !== undefined && segment.metadata !== null) addMetadata(attributes, segment.metadata);
  return attributes;
}

function addErrorType(attributes: Map<string, AttributeValue>, segment: Segment): void {
  const exception: Exception | undefined = causeExceptions(segment)[0];
  const status = segment.http?.status ?? 0;
  const type = exception?.type ?? (status >= 400 ? String(status) : undefined);
  if (type !== undefined) attributes.set("error.type", type);
}

function addXray(attributes: Map<string, AttributeValue>, segment: Segment): void {
  if (segment.fault) attributes.set("aws.xray.fault", true);
  if (segment.error) attributes.set("aws.xray.error", true);
  if (segment.throttle) attributes.set("aws.xray.throttle", true);
  if (segment.inProgress) attributes.set("aws.xray.inprogress", true);
  if (segment.traced === true) attributes.set("aws.xray.traced", true);
  if (segment.user !== undefined) attributes.set("enduser.id", segment.user);
  if (segment.origin !== undefined) attributes.set("aws.xray.origin", segment.origin);
  if (segment.resourceArn !== undefined) attributes.set("aws.xray.resource_arn", segment.resourceArn);
  if (segment.precursorIds !== undefined) attributes.set("aws.xray.precursor_ids", segment.precursorIds);
}

function addCause(attributes: Map<string, AttributeValue>, { reference, workingDirectory, paths }: Cause): void {
  if (reference !== undefined) attributes.set("aws.xray.cause.reference", reference);
  if (workingDirectory !== undefined) attributes.set("aws.xray.cause.working_directory", workingDirectory);
  if (paths !== undefined) attributes.set("aws.xray.cause.paths", paths);
}

/**
 * Annotations have their own keys, and a list says which keys they are, as the collector's X-Ray receiver and exporter
 * have it. A key that would take the place of another attribute goes below `aws.xray.annotation`.
 */
function addAnnotations(
  attributes: Map<string, AttributeValue>,
  annotations: NonNullable<Segment["annotations"]>,
): void {
  const keys = Object.keys(annotations);
  if (keys.length === 0) return;
  for (const key of keys) {
    const isFree = key !== "" && !attributes.has(key) && !key.startsWith("aws.xray.");
    attributes.set(isFree ? key : `aws.xray.annotation.${key}`, annotations[key]!);
  }
  attributes.set("aws.xray.annotations", keys);
}

/** Each namespace as JSON, as the collector's X-Ray receiver and exporter have it. */
function addMetadata(attributes: Map<string, AttributeValue>, metadata: unknown): void {
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) {
    attributes.set("aws.xray.metadata", JSON.stringify(metadata));
    return;
  }
  for (const [namespace, values] of Object.entries(metadata)) {
    attributes.set(`aws.xray.metadata.${namespace}`, JSON.stringify(values));
  }
}
