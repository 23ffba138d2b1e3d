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
const firstSlabBytes = 256 * 1024;
/** Enough for the worst of 1 MB; a slab that one enormous batch has blown up is not kept. */
const keptSlabBytes = 8 * 2 ** 20;

/**
 * Makes a function that writes the body of a PutTraceSegments request: documents as JSON strings, byte by byte, without
 * decoding any of them. Reading the body gives back each document's text; what is no UTF-8 in it is U+FFFD, as it would be
 * for everybody else who reads it.
 */
export function createSegmentBodyWriter(): (documents: readonly Uint8Array[]) => Buffer {
  let slab = Buffer.allocUnsafeSlow(firstSlabBytes);
  return (documents) => {
    let needed = before.length + after.length;
    for (const document of documents) needed += longestEscape * document.length + aroundBytes;
    // Repairing may make a document three times as long, but then none of the new bytes needs an escape.
    if (slab.length < needed) slab = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(needed)));
    let end = before.copy(slab, 0);
    documents.forEach((document, index) => {
      if (index > 0) slab[end++] = comma;
      slab[end++] = quote;
      end = writeEscaped(isUtf8(document) ? document : repaired(document), slab, end);
      slab[end++] = quote;
    });
    end += after.copy(slab, end);
    // A copy, since a request may be sent again when the next body is being written.
    const body = Buffer.from(slab.subarray(0, end));
    if (slab.length > keptSlabBytes) slab = Buffer.allocUnsafeSlow(firstSlabBytes);
    return body;
  };
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
