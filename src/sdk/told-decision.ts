import { type Span, TraceFlags } from "@opentelemetry/api";

/** The header of a response that tells who sent `Sampled=?` what was decided: its name and its text. */
export function toldDecision(span: Span): readonly [name: string, text: string] {
  const { traceId, traceFlags } = span.spanContext();
  const root = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
  return ["X-Amzn-Trace-Id", `Root=${root};Sampled=${traceFlags & TraceFlags.SAMPLED}`];
}
