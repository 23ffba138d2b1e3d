import { decodeJson } from "../../otel/decode-json.ts";
import { spansToDocuments } from "../../otel/spans-to-documents.ts";
import { isInferred } from "./read-trace.ts";

/** What a file of traces holds: documents to send, in the order they stood in it; or why it holds none. */
export type TraceFile =
  | { readonly kind: "documents"; readonly documents: readonly string[]; readonly traceIds: readonly string[] }
  | { readonly kind: "unreadable"; readonly reason: string };

/** How deep lists may lie in lists. */
const maxDepth = 4;

/**
 * Reads what people have traces in: X-Ray documents, one or a list of them or one a line; the answer of `BatchGetTraces`;
 * the body of `PutTraceSegments`; OTLP's JSON, whole or one request a line. Texts of documents stay as they are.
 */
export function readTraceFile(text: string): TraceFile {
  const values = parseValues(text);
  if (values === undefined) return { kind: "unreadable", reason: "It is not JSON." };
  const documents = values.flatMap((value) => documentsIn(value, 0)).filter((document) => !isInferred(document));
  if (documents.length === 0) {
    return { kind: "unreadable", reason: "There is no segment document in it, and no span of OpenTelemetry." };
  }
  return { kind: "documents", documents, traceIds: [...new Set(documents.flatMap(traceIdsIn))] };
}

/** One JSON value; or several, one a line. */
function parseValues(text: string): unknown[] | undefined {
  const whole = parse(text);
  if (whole !== undefined) return [whole];
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const values = lines.map(parse);
  return lines.length > 1 && values.every((value) => value !== undefined) ? values : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says so, or tries it line by line.
    return undefined;
  }
}

function documentsIn(value: unknown, depth: number): string[] {
  if (typeof value === "string") return depth > 0 && parse(value) !== undefined ? [value] : [];
  if (typeof value !== "object" || value === null || depth > maxDepth) return [];
  if (Array.isArray(value)) return value.flatMap((each) => documentsIn(each, depth + 1));
  const wire = value as Readonly<Record<string, unknown>>;
  for (const list of ["Traces", "Segments", "TraceSegmentDocuments", "documents"]) {
    if (Array.isArray(wire[list])) return documentsIn(wire[list], depth);
  }
  if (typeof wire.Document === "string") return [wire.Document];
  if (Array.isArray(wire.resourceSpans)) return documentsOfSpans(wire);
  return typeof wire.id === "string" && typeof wire.name === "string" ? [JSON.stringify(wire)] : [];
}

function documentsOfSpans(request: object): string[] {
  const decoded = decodeJson(new TextEncoder().encode(JSON.stringify(request)));
  return decoded.kind === "request" ? spansToDocuments(decoded.request).documents.map(({ text }) => text) : [];
}

function traceIdsIn(document: string): string[] {
  const value = parse(document);
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((each: unknown) =>
    typeof each === "object" && each !== null && "trace_id" in each && typeof each.trace_id === "string"
      ? each.trace_id.toLowerCase()
      : [],
  );
}
