/** A datagram's document, still unread, or the reason why there is none. */
export type Datagram =
  | { readonly kind: "document"; readonly bytes: Uint8Array }
  | { readonly kind: "refused"; readonly code: DatagramProblem; readonly message: string };

type DatagramProblem = "EmptyDatagram" | "BadHeader" | "UnsupportedFormat" | "MissingBody";

const newline = 0x0a;
const header = '{"format":"json","version":1}';
const encoder = new TextEncoder();
/** A byte order mark is no JSON, so it must not be skipped. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

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

/**
 * The slow path, for headers spelled in some other way. It takes and refuses what AWS's daemon does, whose JSON reader
 * goes by type: keys and format in any case; of repeated members the last that has the right type; and a version written
 * as `1`, since `1.0` and `1e0` are no integers to it.
 */
function readHeader(bytes: Uint8Array, length: number): Datagram | undefined {
  if (length > maxHeaderBytes) return refused("BadHeader", `The first ${maxHeaderBytes} bytes are no header line`);
  const text = decoder.decode(bytes.subarray(0, length));
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return refused("BadHeader", `The first line is not JSON; it should be ${header}`);
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    return refused("BadHeader", `The first line is not an object; it should be ${header}`);
  }
  const formats = valuesOf("FORMAT", text);
  const format = formats.findLast((value) => value.startsWith('"'));
  if (format === undefined || upperCase(format) !== "JSON") {
    return refused("UnsupportedFormat", `The header's format is ${shown(formats)}; only "json" is known`);
  }
  const versions = valuesOf("VERSION", text);
  if (versions.findLast(isInteger) !== "1") {
    return refused("UnsupportedFormat", `The header's version is ${shown(versions)}; only 1 is known`);
  }
  return undefined;
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;

/**
 * What a member is given in an object's text, as it is written there, as often as it is: parsing forgets whether a number
 * was `1` or `1.0`. The text is known to be JSON. Of a list or an object only the bracket is told.
 */
function valuesOf(wanted: string, text: string): string[] {
  const values: string[] = [];
  let depth = 0;
  let last = "";
  let isWanted = false;
  for (const [token] of text.matchAll(tokens)) {
    if (isWanted) values.push(token);
    isWanted = token === ":" && depth === 1 && upperCase(last) === wanted;
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    last = token;
  }
  return values;
}

/** A JSON string's text, for comparing: upper case, for some letters have more than one lower case. */
function upperCase(json: string): string {
  return String(JSON.parse(json)).toUpperCase();
}

/** Of 64 bits, as AWS's daemon reads it. */
function isInteger(value: string): boolean {
  return /^-?\d+$/.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value);
}

function shown(values: readonly string[]): string {
  return values.at(-1)?.slice(0, 60) ?? "missing";
}

function refused(code: DatagramProblem, message: string): Datagram {
  return { kind: "refused", code, message };
}
