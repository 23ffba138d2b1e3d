/** What a file with traces turned out to hold. */
export type TraceFile =
  /** Segment documents as X-Ray's SDKs send them. */
  | { readonly kind: "documents"; readonly documents: readonly string[] }
  /** OpenTelemetry's export request in JSON: to be sent as it is. */
  | { readonly kind: "otlp"; readonly requests: readonly string[] }
  | { readonly kind: "unreadable"; readonly message: string };

const forms = "segment documents (one a line, or a JSON array), what BatchGetTraces answers, or OpenTelemetry's JSON";

/**
 * Reads whatever people keep traces in: documents one a line as `fluoroscope export` writes them, a JSON array of documents,
 * what `aws xray batch-get-traces` prints, a body of `PutTraceSegments`, or OTLP's JSON, whole or one request a line.
 * Whether a document is right is for the server to say.
 */
export function readTraceFile(text: string): TraceFile {
  const whole = parse(text);
  if (whole !== undefined) return fromValues([{ value: whole, text }]);
  const values: Value[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const value = parse(line);
    if (value === undefined) return unreadable(`Line ${index + 1} is not JSON.`);
    values.push({ value, text: line });
  }
  return values.length === 0 ? unreadable("It is empty.") : fromValues(values);
}

/** A value and its text: a document goes on as it was written, numbers of any length included. */
interface Value {
  readonly value: unknown;
  readonly text: string;
}

function fromValues(values: readonly Value[]): TraceFile {
  const documents: string[] = [];
  const requests: string[] = [];
  for (const { value, text } of values) {
    const found = documentsIn(value, text.trim());
    if (found !== undefined) for (const document of found) documents.push(document);
    else if (isObject(value) && Array.isArray(value.resourceSpans)) requests.push(text);
    else return unreadable("It has something else in it.");
  }
  if (documents.length > 0 && requests.length > 0) return unreadable("It mixes X-Ray's and OpenTelemetry's forms.");
  if (requests.length > 0) return { kind: "otlp", requests };
  return documents.length > 0 ? { kind: "documents", documents } : unreadable("It has no traces in it.");
}

/** `undefined` for what is of no form of X-Ray's. */
function documentsIn(value: unknown, text?: string): string[] | undefined {
  if (Array.isArray(value)) {
    const found = value.map((each) => documentsIn(each));
    return found.every((each) => each !== undefined) ? found.flat() : undefined;
  }
  if (typeof value === "string") {
    const inner = parse(value);
    return isObject(inner) ? [value] : undefined;
  }
  if (!isObject(value)) return undefined;
  const { Traces, Segments, Document, TraceSegmentDocuments, documents, trace_id } = value;
  for (const list of [Traces, Segments, TraceSegmentDocuments, documents]) {
    if (Array.isArray(list)) return documentsIn(list);
  }
  if (typeof Document === "string") return documentsIn(Document);
  return typeof trace_id === "string" ? [text ?? JSON.stringify(value)] : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const unreadable = (what: string): TraceFile => ({ kind: "unreadable", message: `${what} Known are ${forms}.` });
