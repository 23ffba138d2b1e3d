import type { Segment } from "./segment.ts";
import type { Subsegment } from "./subsegment.ts";

/** The trace header for what a subsegment calls. */
export function outgoingHeader(subsegment: Subsegment): string {
  const { trace_id, additionalTraceData = {} }: Segment = subsegment.segment;
  const foreign = Object.entries(additionalTraceData).map(([key, value]) => `;${key}=${value}`);
  return `Root=${trace_id};Parent=${subsegment.id};Sampled=${subsegment.notTraced ? "0" : "1"}${foreign.join("")}`;
}
