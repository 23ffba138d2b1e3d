import type { Aws, Cause, Http, Segment, Sql } from "./segment.ts";
import type { Trace, TraceSegment } from "./trace.ts";

/**
 * The documents of a trace as `BatchGetTraces` answers them: the schema's members only, subsegments that were sent alone
 * put in their places, inferred segments beside the real ones. Orphaned subsegments are held back, as X-Ray does.
 */
export function traceDocuments(trace: Trace): { readonly id: string; readonly document: string }[] {
  return trace.segments.map((segment) => ({ id: segment.id, document: JSON.stringify(segmentDocument(segment)) }));
}

/** Members that are undefined leave no trace in the JSON text. */
function segmentDocument(segment: TraceSegment): object {
  return {
    id: segment.id,
    name: segment.name,
    start_time: segment.startSeconds,
    trace_id: segment.traceId,
    ...ending(segment),
    parent_id: segment.parentId,
    inferred: segment.inferred || undefined,
    http: httpBlock(segment.http, segment.traced),
    aws: awsBlock(segment),
    origin: segment.origin,
    resource_arn: segment.resourceArn,
    user: segment.user,
    service: segment.service,
    links: segment.links?.map(({ traceId, id, attributes }) => ({ trace_id: traceId, id, attributes })),
    ...described(segment),
  };
}

function subsegmentDocument(subsegment: Segment): object {
  const http = httpBlock(subsegment.http, subsegment.traced);
  return {
    id: subsegment.id,
    name: subsegment.name,
    start_time: subsegment.startSeconds,
    ...ending(subsegment),
    namespace: subsegment.namespace,
    http,
    aws: awsBlock(subsegment),
    precursor_ids: subsegment.precursorIds,
    // The schema's place for it is in http.request; a call over another protocol has none.
    traced: http === undefined ? subsegment.traced : undefined,
    ...described(subsegment),
  };
}

function ending({ inProgress, endSeconds }: Segment): object {
  return inProgress ? { in_progress: true } : { end_time: endSeconds };
}

/** What segments and subsegments say in the same words. */
function described(place: Segment): object {
  return {
    error: place.error || undefined,
    fault: place.fault || undefined,
    throttle: place.throttle || undefined,
    cause: causeBlock(place.cause),
    sql: sqlBlock(place.sql),
    annotations: place.annotations,
    metadata: place.metadata,
    subsegments: place.subsegments.length > 0 ? place.subsegments.map(subsegmentDocument) : undefined,
  };
}

function httpBlock(http: Http | undefined, traced: boolean | undefined): object | undefined {
  if (http === undefined) return undefined;
  const { method, url, userAgent, clientIp, xForwardedFor, status, contentLength } = http;
  const request = { method, url, user_agent: userAgent, client_ip: clientIp, x_forwarded_for: xForwardedFor, traced };
  const response = { status, content_length: contentLength };
  return { request: unlessEmpty(request), response: unlessEmpty(response) };
}

function unlessEmpty(block: object): object | undefined {
  return Object.values(block).some((value) => value !== undefined) ? block : undefined;
}

/** X-Ray names the resource of a call to a table. */
function awsBlock({ name, aws }: Segment): Aws["raw"] | undefined {
  if (aws?.tableName === undefined || name.toLowerCase() !== "dynamodb") return aws?.raw;
  return { ...aws.raw, resource_names: [aws.tableName] };
}

function causeBlock(cause: Cause | undefined): unknown {
  if (cause === undefined) return undefined;
  if (cause.reference !== undefined) return cause.reference;
  return { working_directory: cause.workingDirectory, paths: cause.paths, exceptions: cause.exceptions };
}

function sqlBlock(sql: Sql | undefined): object | undefined {
  if (sql === undefined) return undefined;
  return {
    url: sql.url,
    connection_string: sql.connectionString,
    sanitized_query: sql.sanitizedQuery,
    database_type: sql.databaseType,
    database_version: sql.databaseVersion,
    driver_version: sql.driverVersion,
    user: sql.user,
    preparation: sql.preparation,
  };
}
