/** A datagram's document, still unread, or the reason why there is none. */
export type Datagram =
  | { readonly kind: "document"; readonly bytes: Uint8Array }
  | { readonly kind: "refused"; readonly code: DatagramProblem; readonly message: string };

type DatagramProblem = "EmptyDatagram" | "BadHeader" | "UnsupportedFormat" | "MissingBody";

const newline = 0x0a;
const header = '{"format":"json","version":1}';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** As the Node, Python and Java SDKs write it, and as Go and the documentation do: known by its bytes, so not parsed. */
const spellings: readonly Uint8Array[] = [
  header,
  '{"format": "json", "version": 1}',
  '{"format":"json", "version":1}',
].map((text) => encoder.encode(`${text}\n`));

/** Real headers have about 30 bytes. */
const maxHeaderBytes = 512;

/**
 * Takes the header line off a datagram. The document is a view of the same bytes, and nobody has looked into it yet.
 * Never throws.
 */
export function readDatagram(bytes: Uint8Array): Datagram {
  for (const spelling of spellings) {
    if (startsWith(bytes, spelling)) return bodyAt(bytes, spelling.length);
  }
  if (bytes.length === 0) return refused("EmptyDatagram", "The datagram is empty");
  const end = bytes.subarray(0, maxHeaderBytes + 1).indexOf(newline);
  const problem = readHeader(bytes, end < 0 ? bytes.length : end);
  return problem ?? bodyAt(bytes, end < 0 ? bytes.length : end + 1);
}

/** One document as a datagram for an X-Ray daemon. */
export function writeDatagram(document: string): Uint8Array {
  return encoder.encode(`${header}\n${document}`);
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  if (bytes.length < start.length || bytes[start.length - 1] !== newline) return false;
  for (let at = 0; at < start.length; at += 1) if (bytes[at] !== start[at]) return false;
  return true;
}

function bodyAt(bytes: Uint8Array, start: number): Datagram {
  if (start < bytes.length) return { kind: "document", bytes: bytes.subarray(start) };
  return refused("MissingBody", "No document follows the header line");
}

function readHeader(bytes: Uint8Array, length: number): Datagram | undefined {
  if (length > maxHeaderBytes) return refused("BadHeader", `The first ${maxHeaderBytes} bytes are no header line`);
  let fields: unknown;
  try {
    fields = JSON.parse(decoder.decode(bytes.subarray(0, length)));
  } catch {
    return refused("BadHeader", `The first line is not JSON; it should be ${header}`);
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    return refused("BadHeader", `The first line is not an object; it should be ${header}`);
  }
  const { format, version } = lowerCaseKeys(fields);
  if (typeof format !== "string" || format.toLowerCase() !== "json") {
    return refused("UnsupportedFormat", `The header's format is ${shown(format)}; only "json" is known`);
  }
  if (version !== 1) return refused("UnsupportedFormat", `The header's version is ${shown(version)}; only 1 is known`);
  return undefined;
}

/** The official daemon reads `FORMAT` as well. */
function lowerCaseKeys(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key.toLowerCase(), value]));
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value).slice(0, 60);
}

function refused(code: DatagramProblem, message: string): Datagram {
  return { kind: "refused", code, message };
}
