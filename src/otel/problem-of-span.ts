import type { Problem, ProblemCode } from "../trace/problem.ts";
import type { Span } from "./span.ts";

const traceId = /^(?!0{32})[\da-f]{32}$/;
const spanId = /^(?!0{16})[\da-f]{16}$/;

/** Why a span cannot be in a document; undefined for a good one. */
export function problemOf({ traceId: trace, spanId: id, startTimeUnixNano: start }: Span): Problem | undefined {
  if (!traceId.test(trace)) return problem("InvalidTraceId", "traceId", "a trace id is 16 bytes that are not all zero");
  if (!spanId.test(id)) return problem("InvalidId", "spanId", "a span id is 8 bytes that are not all zero");
  if (!/[1-9]/.test(start)) return problem("MissingStartTime", "startTimeUnixNano", "there is no start time");
  return undefined;
}

/** The parent that a span names, if it names one. */
export function parentOf({ parentSpanId }: Span): string | undefined {
  return parentSpanId !== undefined && spanId.test(parentSpanId) ? parentSpanId : undefined;
}

function problem(code: ProblemCode, path: string, reason: string): Problem {
  return { code, path, message: `Invalid span. ErrorCode: ${code}, Cause: ${reason} (at ${path})` };
}
