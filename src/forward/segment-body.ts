import { isUtf8 } from "node:buffer";

const before = Buffer.from('{"TraceSegmentDocuments":[');
const after = Buffer.from("]}");
/** Two quotation marks and a comma. */
const aroundBytes = 3;

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const hexDigits = Buffer.from("0123456789abcdef");

/** What follows the backslash, by byte; `u` stands for `u00XX`, 0 for a byte that needs none. */
const escapes = new Uint8Array(256);
escapes.fill(0x75, 0, 0x20);
for (const [byte, letter] of [
  [0x08, "b"],
  [0x09, "t"],
  [0x0a, "n"],
  [0x0c, "f"],
  [0x0d, "r"],
  [quote, '"'],
  [backslash, "\\"],
] as const) {
  escapes[byte] = letter.charCodeAt(0);
}

/** No byte becomes more than `\u00XX`. */
const longestEscape = 6;
/** A slab that one enormous batch has blown up is not kept: eight megabytes are enough for the worst of one. */
const keptSlabBytes = 8 * 2 ** 20;
const keptSlabs = 16;

/** The body of a request, in memory that is used again for another one. */
export interface SegmentBody {
  readonly bytes: Buffer;
  /** Gives the memory back. Whoever sends the body must be done with it. */
  release(): void;
}

/**
 * Makes a function that writes the body of a PutTraceSegments request: documents as JSON strings, byte by byte, without
 * decoding any of them. Reading the body gives back each document's text; what is no UTF-8 in it is U+FFFD, as it would be
 * for everybody else who reads it. Memory is kept, since fresh pages cost a quarter of what writing to them does.
 */
export function createSegmentBodyWriter(): (documents: readonly Uint8Array[]) => SegmentBody {
  const free: Buffer[] = [];
  return (documents) => {
    let needed = before.length + after.length;
    // Repairing may make a document three times as long, but then none of the new bytes needs an escape.
    for (const document of documents) needed += longestEscape * document.length + aroundBytes;
    let slab = free.pop();
    // Most of it is never touched, and so takes no memory.
    if (slab === undefined || slab.length < needed) slab = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(needed)));
    const bytes = slab.subarray(0, writeBody(documents, slab));
    let held: Buffer | undefined = slab;
    return {
      bytes,
      release() {
        if (held !== undefined && held.length <= keptSlabBytes && free.length < keptSlabs) free.push(held);
        held = undefined;
      },
    };
  };
}

function writeBody(documents: readonly Uint8Array[], slab: Buffer): number {
  let end = before.copy(slab, 0);
  documents.forEach((document, index) => {
    if (index > 0) slab[end++] = comma;
    slab[end++] = quote;
    end = writeEscaped(isUtf8(document) ? document : repaired(document), slab, end);
    slab[end++] = quote;
  });
  return end + after.copy(slab, end);
}

function writeEscaped(source: Uint8Array, target: Buffer, start: number): number {
  let end = start;
  for (let at = 0; at < source.length; at += 1) {
    const byte = source[at]!;
    const letter = escapes[byte]!;
    if (letter === 0) {
      target[end++] = byte;
      continue;
    }
    target[end++] = backslash;
    target[end++] = letter;
    if (letter !== 0x75) continue;
    target[end++] = 0x30;
    target[end++] = 0x30;
    target[end++] = hexDigits[byte >> 4]!;
    target[end++] = hexDigits[byte & 15]!;
  }
  return end;
}

/** Bytes that are no UTF-8 replaced, a byte-order mark kept. */
function repaired(document: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(document.buffer, document.byteOffset, document.length).toString("utf8"));
}
