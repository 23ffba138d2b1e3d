import type { SegmentDocument } from "./segment-document.ts";

/**
 * The texts to send for one document, none above `maxBytes`: the document itself where it fits. Otherwise its largest
 * subsegments leave it and go alone; X-Ray puts them together again. What is too large by itself is trimmed: metadata
 * first, then stacks, then the rest of the cause.
 */
export function fitDocument(document: SegmentDocument, maxBytes: number): string[] {
  const text = JSON.stringify(document);
  if (Buffer.byteLength(text) <= maxBytes) return [text];
  if (document.subsegments === undefined) return [trim(document, maxBytes)];

  const children = document.subsegments.map((child) => ({ child, bytes: Buffer.byteLength(JSON.stringify(child)) }));
  const leaving = new Set<SegmentDocument>();
  let bytes = Buffer.byteLength(text);
  for (const { child, bytes: share } of children.toSorted((a, b) => b.bytes - a.bytes)) {
    if (bytes <= maxBytes) break;
    leaving.add(child);
    bytes -= share + 1;
  }
  const staying = document.subsegments.filter((child) => !leaving.has(child));
  const { subsegments: _, ...bare } = document;
  const rest = staying.length > 0 ? { ...bare, subsegments: staying } : bare;
  const alone = [...leaving].map((child) => ({
    ...child,
    type: "subsegment" as const,
    ...(document.trace_id && { trace_id: document.trace_id }),
    parent_id: document.id,
  }));
  return [rest, ...alone].flatMap((part) => fitDocument(part, maxBytes));
}

function trim(document: SegmentDocument, maxBytes: number): string {
  const { metadata: _metadata, ...withoutMetadata } = document;
  const { cause, ...bare } = withoutMetadata;
  const withoutStacks =
    typeof cause === "object"
      ? { ...bare, cause: { ...cause, exceptions: cause.exceptions.map((each) => ({ ...each, stack: [] })) } }
      : withoutMetadata;
  const texts = [withoutMetadata, withoutStacks, bare].map((each) => JSON.stringify(each));
  return texts.find((text) => Buffer.byteLength(text) <= maxBytes) ?? JSON.stringify(essential(bare));
}

/** Who, when and how it ended. */
function essential(document: SegmentDocument): SegmentDocument {
  const { annotations: _annotations, sql: _sql, aws: _aws, user: _user, service: _service, ...rest } = document;
  if (rest.http === undefined) return rest;
  const { request, response } = rest.http;
  const url = request?.url?.slice(0, 1_000);
  return { ...rest, http: { request: { ...request, ...(url && { url }) }, ...(response && { response }) } };
}
