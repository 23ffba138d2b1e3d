import type { WireObject } from "../trace/members.ts";
import { derivedId } from "./derived-id.ts";
import { toSeconds } from "./nanoseconds.ts";
import { type SpanEvent, statusCode } from "./span.ts";
import { isCall, type SpanReading } from "./span-reading.ts";
import { readOwnStack } from "./stacks/own.ts";
import { readStack } from "./stacks/read-stack.ts";
import type { TracedException } from "./stacks/stack.ts";
import { parsedJson, saying } from "./wire-members.ts";

/** Frames beyond these are only counted. */
const maxFrames = 100;

/** Whether an event is an exception, and so is in the cause. */
export function isException({ name, attributes }: SpanEvent): boolean {
  return name === "exception" || (name === awsFailure && attributes.has("aws.http.error_message"));
}

/** What Java's instrumentation of the AWS SDK records of each attempt that failed. */
const awsFailure = "HTTP request failure";

/**
 * The `cause` of a span: its exceptions, each followed by those that caused it, or what its status says when no event
 * tells more. Each has an id, so that others can point at it. A cause that only points at an exception is its id.
 */
export function causeOf(reading: SpanReading, httpStatus: number | undefined): WireObject | string | undefined {
  if (reading.isOurs) return ownCauseOf(reading);
  const { span, attributes } = reading;
  const chains = span.events.filter(isException).map((event) => chainOf(event, isCall(span.kind)));
  const type = attributes.look("error.type");
  const isKnown = type === String(httpStatus) || chains.some((chain) => chain.some((each) => each.type === type));
  if (isKnown) attributes.skip("error.type");
  if (chains.length === 0) chains.push(chainOfStatus(reading, isKnown ? undefined : type));
  return saying({ exceptions: numbered(chains, span.spanId) });
}

function numbered(chains: readonly (readonly WireObject[])[], spanId: string): readonly WireObject[] | undefined {
  const exceptions: WireObject[] = [];
  for (const chain of chains) {
    chain.forEach((exception, at) => {
      const id = derivedId(spanId, exceptions.length + 1);
      const cause = at + 1 < chain.length ? derivedId(spanId, exceptions.length + 2) : undefined;
      exceptions.push({ id, cause, ...exception });
    });
  }
  return exceptions.length === 0 ? undefined : exceptions;
}

function chainOfStatus({ span, attributes }: SpanReading, type: string | undefined): readonly WireObject[] {
  if (span.status?.code !== statusCode.error) return [];
  const message = span.status.message || attributes.text(["error.message", "http.status_text"]);
  if (type !== undefined) attributes.skip("error.type");
  if (message === undefined && type === undefined) return [];
  return [{ type, message, remote: isCall(span.kind) || undefined }];
}

function chainOf({ name, attributes, timeUnixNano }: SpanEvent, isRemote: boolean): readonly WireObject[] {
  if (name === awsFailure) {
    const seconds = toSeconds(timeUnixNano).toFixed(6);
    const [status, text] = ["http.response.status_code", "aws.http.error_message"].map((key) => {
      const value = attributes.get(key);
      // A value may be anything, even an object that cannot become text.
      return typeof value === "object" ? "" : String(value);
    });
    const message = `${status}@${seconds}@${text}`;
    return [{ type: "aws.http.error.event", message, remote: true }];
  }
  const text = attributes.get("exception.stacktrace");
  const [thrown, ...causes] = typeof text === "string" ? readStack(text) : [];
  const remote = isRemote || undefined;
  const head = {
    type: textOf(attributes.get("exception.type")) ?? thrown?.type,
    message: textOf(attributes.get("exception.message")) ?? thrown?.message,
    remote,
    ...stackOf(thrown),
  };
  return [head, ...causes.map((each) => ({ type: each.type, message: each.message, remote, ...stackOf(each) }))];
}

function stackOf(exception: TracedException | undefined): WireObject {
  if (exception === undefined || exception.stack.length === 0) return {};
  const truncated = exception.stack.length - maxFrames;
  return truncated <= 0 ? { stack: exception.stack } : { stack: exception.stack.slice(0, maxFrames), truncated };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The cause that the span had as a (sub)segment. */
function ownCauseOf({ span, attributes }: SpanReading): WireObject | string | undefined {
  attributes.skip("error.type");
  const reference = attributes.text("aws.xray.cause.reference");
  const directory = attributes.text("aws.xray.cause.working_directory");
  const paths = attributes.texts("aws.xray.cause.paths");
  if (reference !== undefined && directory === undefined && paths === undefined) return reference;
  const exceptions = span.events.filter(isException).map(ownException);
  return saying({
    id: reference,
    working_directory: directory,
    paths,
    exceptions: exceptions.length === 0 ? undefined : exceptions,
  });
}

function ownException({ attributes }: SpanEvent): WireObject {
  const own = (member: string): unknown => attributes.get(`aws.xray.exception.${member}`);
  const written = attributes.get("exception.stacktrace");
  const stack = own("stack");
  return {
    id: own("id"),
    type: attributes.get("exception.type"),
    message: attributes.get("exception.message"),
    remote: own("remote"),
    truncated: own("truncated"),
    skipped: own("skipped"),
    cause: own("cause"),
    stack:
      typeof stack === "string" ? parsedJson(stack) : typeof written === "string" ? readOwnStack(written) : undefined,
  };
}
