type Document = Readonly<Record<string, unknown>> & { readonly subsegments?: readonly Document[] };

/**
 * The texts to send for one document's text, none above `maxBytes`: the text itself where it fits. Otherwise the largest
 * subsegments leave it and go alone; X-Ray puts them together again. What is too large by itself loses its metadata, then
 * its stacks, then all but what X-Ray needs.
 */
export function splitDocument(text: string, maxBytes: number): string[] {
  // No character has more than three bytes for each of its code units.
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return [text];
  return split(JSON.parse(text) as Document, maxBytes);
}

function split(document: Document, maxBytes: number): string[] {
  const text = JSON.stringify(document);
  let bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return [text];
  const { subsegments, ...bare } = document;
  if (subsegments === undefined || subsegments.length === 0) return [trim(bare, maxBytes)];

  const sized = subsegments.map((child) => ({ child, size: Buffer.byteLength(JSON.stringify(child)) }));
  const leaving = new Set<Document>();
  for (const { child, size } of sized.toSorted((a, b) => b.size - a.size)) {
    if (bytes <= maxBytes) break;
    leaving.add(child);
    bytes -= size + 1;
  }
  const staying = subsegments.filter((child) => !leaving.has(child));
  const rest = staying.length > 0 ? { ...bare, subsegments: staying } : bare;
  const { trace_id, id } = document;
  const alone = [...leaving].map((child) => ({ ...child, type: "subsegment", trace_id, parent_id: id }));
  return [rest, ...alone].flatMap((part) => split(part, maxBytes));
}

const essential = ["id", "trace_id", "parent_id", "type", "start_time", "end_time", "in_progress", "namespace"];
const flags = ["fault", "error", "throttle"];

function trim(document: Document, maxBytes: number): string {
  const { metadata: _metadata, ...withoutMetadata } = document;
  const withoutStacks = { ...withoutMetadata, cause: withoutStack(document.cause) };
  const { cause: _cause, sql: _sql, ...withoutCause } = withoutMetadata;
  for (const smaller of [withoutMetadata, withoutStacks, withoutCause]) {
    const text = JSON.stringify(smaller);
    if (Buffer.byteLength(text) <= maxBytes) return text;
  }
  const kept = [...essential, ...flags].map((member) => [member, document[member]]);
  return JSON.stringify({ name: String(document.name).slice(0, 200), ...Object.fromEntries(kept) });
}

function withoutStack(cause: unknown): unknown {
  if (typeof cause !== "object" || cause === null) return cause;
  const { exceptions } = cause as { exceptions?: readonly object[] };
  return { ...cause, exceptions: exceptions?.map((exception) => ({ ...exception, stack: [] })) };
}
