import { parseTraceId } from "../xray/trace-id.ts";

/**
 * What of a document belongs to one trace: all of it, but for a list of subsegments of several traces, of which one may be
 * kept and the other dropped.
 */
export function ownPart(text: string, traceId: string): string {
  if (!text.trimStart().startsWith("[")) return text;
  const items: unknown = JSON.parse(text);
  if (!Array.isArray(items)) return text;
  const own = items.filter((item) => traceIdOf(item) === traceId);
  return own.length === items.length ? text : JSON.stringify(own);
}

function traceIdOf(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null || !("trace_id" in item)) return undefined;
  return typeof item.trace_id === "string" ? parseTraceId(item.trace_id) : undefined;
}
