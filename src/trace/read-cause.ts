import { asId, asInteger, asObject, asText, asTexts } from "./members.ts";
import type { Cause, Exception, StackFrame } from "./segment.ts";

/**
 * The `cause` block in its three forms: the exceptions themselves, the id of an exception recorded further down (Python),
 * or an object with the id of the subsegment that failed (Node).
 */
export function readCause(value: unknown): Cause | undefined {
  if (typeof value === "string") {
    const reference = asId(value);
    return reference === undefined ? undefined : ({ reference, exceptions: [] } satisfies Cause);
  }
  const cause = asObject(value);
  if (cause === undefined) return undefined;
  const exceptions = Array.isArray(cause.exceptions) ? cause.exceptions.flatMap(readException) : [];
  return {
    reference: exceptions.length === 0 ? asId(cause.id) : undefined,
    workingDirectory: asText(cause.working_directory),
    paths: asTexts(cause.paths),
    exceptions,
  } as Cause;
}

function readException(value: unknown): Exception[] {
  const exception = asObject(value);
  if (exception === undefined) return [];
  return [
    {
      id: asId(exception.id),
      type: asText(exception.type),
      message: asText(exception.message),
      remote: exception.remote === true ? true : undefined,
      truncated: asInteger(exception.truncated),
      skipped: asInteger(exception.skipped),
      cause: asId(exception.cause),
      stack: Array.isArray(exception.stack) ? exception.stack.flatMap(readFrame) : undefined,
    } as Exception,
  ];
}

/** Node writes `"line": null` for frames inside Node itself. */
function readFrame(value: unknown): StackFrame[] {
  const frame = asObject(value);
  if (frame === undefined) return [];
  return [{ path: asText(frame.path), line: asInteger(frame.line), label: asText(frame.label) } as StackFrame];
}
