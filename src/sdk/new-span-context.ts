import type { SpanContext } from "@opentelemetry/api";
import { XRayIdGenerator } from "./xray-id-generator.ts";

const ids = new XRayIdGenerator();

/** The ids of a new span: in its parent's trace, or in one of its own. */
export function newSpanContext(parent: SpanContext | undefined, traceFlags: number): SpanContext {
  const made: SpanContext = {
    traceId: parent?.traceId ?? ids.generateTraceId(),
    spanId: ids.generateSpanId(),
    traceFlags,
  };
  if (parent?.traceState !== undefined) made.traceState = parent.traceState;
  return made;
}
