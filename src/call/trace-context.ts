import { parseTraceHeader } from "../xray/trace-header.ts";
import { parseTraceId } from "../xray/trace-id.ts";
import { parseTraceparent } from "../xray/traceparent.ts";
import type { Headers } from "./exchange.ts";
import { headerValue } from "./exchange.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Which trace a call belongs to, and whose segment it hangs from. */
export type TraceContext =
  | {
      /** We write the segment ourselves. */
      readonly kind: "own";
      /** A new trace when absent. */
      readonly traceId?: string;
      readonly parentId?: string;
      readonly isSampled: boolean;
      /** Lineage and the like, handed on unchanged. */
      readonly extra: readonly string[];
    }
  | {
      /** AWS Lambda writes the segment; our subsegments go out one by one. */
      readonly kind: "lambda";
      readonly traceId: string;
      readonly parentId: string;
      readonly isSampled: boolean;
      readonly extra: readonly string[];
    }
  /** Lambda's PassThrough mode: nothing is recorded, and the callee is told nothing. */
  | { readonly kind: "none" };

/**
 * Reads it from the trace header, X-Ray's before W3C's, that the caller wrote by hand, or from Lambda's environment;
 * without either it is a trace of its own. A decision that is still open (`Sampled=?`, or none) is taken as yes, except in Lambda, where it is
 * Lambda's to take.
 */
export function readTraceContext(environment: Environment, headers: Headers): TraceContext {
  if (environment.LAMBDA_TASK_ROOT) {
    // Lambda changes the variable with each invocation, so it is read with each call.
    const { root, parent, sampled, extra } = parseTraceHeader(environment._X_AMZN_TRACE_ID);
    const traceId = root === undefined ? undefined : parseTraceId(root);
    if (traceId === undefined || parent === undefined) return { kind: "none" };
    return { kind: "lambda", traceId, parentId: parent, isSampled: sampled === "1", extra };
  }
  const { root, parent, sampled, extra } = parseTraceHeader(headerValue(headers, "X-Amzn-Trace-Id"));
  const traceId = root === undefined ? undefined : parseTraceId(root);
  const traceparent = traceId === undefined ? parseTraceparent(headerValue(headers, "traceparent")) : undefined;
  if (traceparent !== undefined) return { kind: "own", ...traceparent, extra };
  return {
    kind: "own",
    ...(traceId && { traceId }),
    ...(traceId && parent && { parentId: parent }),
    isSampled: sampled !== "0",
    extra,
  };
}
