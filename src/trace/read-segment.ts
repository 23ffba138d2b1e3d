import { parseTraceId } from "../xray/trace-id.ts";
import { asId, asObject, asText, asTextOrNumber, asTexts, isDeeperThan, type WireObject } from "./members.ts";
import type { ProblemCode } from "./problem.ts";
import { readAnnotations } from "./read-annotations.ts";
import { readAws } from "./read-aws.ts";
import { readCause } from "./read-cause.ts";
import { isRequestTraced, readHttp } from "./read-http.ts";
import type { Link, Segment, Sql } from "./segment.ts";

/** Subsegments may be nested this deep in one document; so may the lists and objects inside metadata. */
export const MAX_DEPTH = 500;
/** Longer names are cut: X-Ray refuses them, and then the segment is lost. */
const MAX_NAME_LENGTH = 200;
/** Seconds of the year 5138; what lies beyond was counted in milliseconds. */
const LATEST_SECONDS = 100_000_000_000;

/** The document being read: what embedded subsegments inherit, where we are in it, and what was wrong so far. */
export interface Reading {
  readonly traceId: string;
  /** Values of a short document cannot be nested dangerously deep, so they are not measured. */
  readonly isShort: boolean;
  /** Positions of the subsegment being read, outermost first. */
  readonly position: number[];
  readonly report: Report;
}

/** Takes note of what had to be left out. `at` is the position, `member` the member that was wrong. */
export type Report = (
  code: ProblemCode,
  reason: string,
  isSubsegment: boolean,
  at: readonly number[],
  member?: string,
) => void;

/** One segment or subsegment with all that is embedded in it, or undefined when it cannot be kept (and was reported). */
export function readSegment(
  wire: WireObject,
  reading: Reading,
  isSubsegment: boolean,
  parentId: string | undefined,
): Segment | undefined {
  const id = asId(wire.id);
  if (id === undefined) {
    return wire.id === undefined || wire.id === null || wire.id === ""
      ? refuse(reading, isSubsegment, "MissingId", "there is no id", "id")
      : refuse(reading, isSubsegment, "InvalidId", "an id is 16 hexadecimal digits", "id");
  }
  const name = wire.name;
  if (typeof name !== "string" || name === "") {
    return name === undefined || name === null || name === ""
      ? refuse(reading, isSubsegment, "MissingName", "there is no name", "name")
      : refuse(reading, isSubsegment, "InvalidName", "a name is a text", "name");
  }
  const start = wire.start_time;
  if (!isSeconds(start)) return refuseStart(start, reading, isSubsegment);
  const end = wire.end_time;
  const isFinished = isSeconds(end);
  if (!isFinished && (wire.in_progress !== true || typeof end === "number"))
    return refuseEnd(end, reading, isSubsegment);

  const http = wire.http === undefined ? undefined : readHttp(wire.http);
  const status = http?.status ?? 0;
  const namespace = wire.namespace;
  // One literal with every member in one order, so that every Segment has the same shape for the engine.
  return {
    id,
    name: name.length > MAX_NAME_LENGTH ? cutName(name) : name,
    traceId: reading.traceId,
    parentId,
    isSubsegment,
    startSeconds: start,
    // Clocks are set back now and then: a call that ends before it began took no time.
    endSeconds: isFinished ? (end < start ? start : end) : undefined,
    inProgress: !isFinished,
    fault: wire.fault === true || (status >= 500 && status < 600),
    error: wire.error === true || (status >= 400 && status < 500),
    throttle: wire.throttle === true || status === 429,
    namespace: isSubsegment && (namespace === "remote" || namespace === "aws") ? namespace : undefined,
    origin: asText(wire.origin),
    user: wire.user === undefined ? undefined : asTextOrNumber(wire.user),
    resourceArn: asText(wire.resource_arn),
    http,
    sql: wire.sql === undefined ? undefined : readSql(wire.sql),
    aws: wire.aws === undefined ? undefined : readAws(shallow(wire.aws, reading, isSubsegment, "aws")),
    cause: wire.cause === undefined ? undefined : readCause(wire.cause),
    annotations: wire.annotations === undefined ? undefined : readAnnotations(wire.annotations),
    metadata: wire.metadata === undefined ? undefined : shallow(wire.metadata, reading, isSubsegment, "metadata"),
    service: wire.service === undefined ? undefined : asObject(shallow(wire.service, reading, isSubsegment, "service")),
    precursorIds: wire.precursor_ids === undefined ? undefined : asTexts(wire.precursor_ids),
    links: wire.links === undefined ? undefined : readLinks(shallow(wire.links, reading, isSubsegment, "links")),
    traced: wire.traced === true || (http !== undefined && isRequestTraced(wire.http)) ? true : undefined,
    subsegments: wire.subsegments === undefined ? none : readSubsegments(wire.subsegments, reading, id),
  } as Segment;
}

const none: readonly Segment[] = Object.freeze([]);

function readSubsegments(value: unknown, reading: Reading, parentId: string): readonly Segment[] {
  if (!Array.isArray(value) || value.length === 0) return none;
  if (reading.position.length >= MAX_DEPTH) {
    refuse(reading, true, "TooDeep", `subsegments are nested deeper than ${MAX_DEPTH} levels`, "subsegments");
    return none;
  }
  const subsegments: Segment[] = [];
  for (let i = 0; i < value.length; i++) {
    reading.position.push(i);
    readSubsegment(value[i], reading, parentId, subsegments);
    reading.position.pop();
  }
  return subsegments;
}

function readSubsegment(value: unknown, reading: Reading, parentId: string, into: Segment[]): void {
  const wire = asObject(value);
  if (wire === undefined) {
    refuse(reading, true, "InvalidSegment", "a subsegment is a JSON object");
    return;
  }
  const subsegment = readSegment(wire, reading, true, parentId);
  if (subsegment !== undefined) into.push(subsegment);
  // The children of a subsegment that cannot be kept move up to its parent.
  else if (wire.subsegments !== undefined) {
    for (const child of readSubsegments(wire.subsegments, reading, parentId)) into.push(child);
  }
}

function isSeconds(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < LATEST_SECONDS;
}

function refuseStart(start: unknown, reading: Reading, isSubsegment: boolean): undefined {
  if (typeof start !== "number") {
    return refuse(reading, isSubsegment, "MissingStartTime", "there is no start_time in epoch seconds", "start_time");
  }
  return refuse(reading, isSubsegment, "InvalidSegment", badSeconds(start), "start_time");
}

function refuseEnd(end: unknown, reading: Reading, isSubsegment: boolean): undefined {
  if (typeof end !== "number") {
    const reason = "there is neither an end_time in epoch seconds nor in_progress: true";
    return refuse(reading, isSubsegment, "MissingEndTime", reason, "end_time");
  }
  return refuse(reading, isSubsegment, "InvalidSegment", badSeconds(end), "end_time");
}

function badSeconds(value: number): string {
  return value >= LATEST_SECONDS && Number.isFinite(value)
    ? "times are epoch seconds; this one looks like milliseconds"
    : "times are epoch seconds from 1970 on";
}

/** Cuts between characters: half a surrogate pair is not valid text. */
function cutName(name: string): string {
  const last = name.charCodeAt(MAX_NAME_LENGTH - 1);
  return name.slice(0, last >= 0xd800 && last < 0xdc00 ? MAX_NAME_LENGTH - 1 : MAX_NAME_LENGTH);
}

/** The value, unless it is nested so deep that printing it again would overflow the stack. */
function shallow(value: unknown, reading: Reading, isSubsegment: boolean, member: string): unknown {
  if (reading.isShort || !isDeeperThan(value, MAX_DEPTH)) return value;
  return refuse(reading, isSubsegment, "TooDeep", `values are nested deeper than ${MAX_DEPTH} levels`, member);
}

function readSql(value: unknown): Sql | undefined {
  const sql = asObject(value);
  if (sql === undefined) return undefined;
  return {
    url: asText(sql.url),
    connectionString: asText(sql.connection_string),
    sanitizedQuery: asText(sql.sanitized_query),
    databaseType: asText(sql.database_type),
    databaseVersion: asText(sql.database_version),
    driverVersion: asText(sql.driver_version),
    user: asText(sql.user),
    preparation: asText(sql.preparation),
  } as Sql;
}

function readLinks(value: unknown): readonly Link[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const links = value.flatMap((item): Link[] => {
    const link = asObject(item);
    const traceId = typeof link?.trace_id === "string" ? parseTraceId(link.trace_id) : undefined;
    if (link === undefined || traceId === undefined) return [];
    return [{ traceId, id: asId(link.id), attributes: asObject(link.attributes) } as Link];
  });
  return links.length > 0 ? links : undefined;
}

function refuse(
  reading: Reading,
  isSubsegment: boolean,
  code: ProblemCode,
  reason: string,
  member?: string,
): undefined {
  reading.report(code, reason, isSubsegment, reading.position, member);
  return undefined;
}
