import type { TraceDocuments } from "../../api/wire.ts";
import { assembleTrace } from "../../trace/assemble-trace.ts";
import { parseSegment } from "../../trace/parse-segment.ts";
import { readJson } from "../../trace/read-json.ts";
import type { Segment } from "../../trace/segment.ts";
import type { Trace } from "../../trace/trace.ts";

/** Documents beyond X-Ray's own size are in the store only because something took them: they are shown, too. */
const maxBytes = 64 * 1024 * 1024;

/** The trace that documents tell, put together as the server itself does. */
export function readTrace({ id, documents }: Pick<TraceDocuments, "id" | "documents">): Trace {
  const segments: Segment[] = [];
  for (const document of documents) {
    // X-Ray's own API adds the segments that it has inferred; they are inferred here again.
    if (isInferred(document)) continue;
    const parsed = parseSegment(document, { maxBytes });
    // What is refused here was refused by the server: it is told on the page of problems.
    if (parsed.kind === "segments") for (const segment of parsed.segments) segments.push(segment);
  }
  return assembleTrace(id, segments);
}

/** Whether a document is one that the API has made up for a callee that sent none. */
export function isInferred(document: string): boolean {
  if (!document.includes('"inferred":true')) return false;
  const json = readJson(document);
  const value = "value" in json ? json.value : undefined;
  return typeof value === "object" && value !== null && "inferred" in value && value.inferred === true;
}
