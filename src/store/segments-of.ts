import { parseSegment } from "../trace/parse-segment.ts";
import type { Segment } from "../trace/segment.ts";

/** Those of a kept document that belong to the trace. It was good when it came, and parses as it did then. */
export function segmentsOf(text: string, traceId: string): readonly Segment[] {
  const parsed = parseSegment(text);
  return parsed.kind === "segments" ? parsed.segments.filter((segment) => segment.traceId === traceId) : [];
}
