import { isUtf8 } from "node:buffer";

const before = Buffer.from('{"TraceSegmentDocuments":');
const comma = 0x2c;
const end = Buffer.from("}");

/** No byte becomes more than `\u00XX`. */
const longestEscape = 6;
/** Quotation marks and a comma. */
const aroundBytes = 3;
/** Documents that are escaped in one go: fewer cost a call each, more make strings that the heap keeps apart as large. */
const stretchBytes = 48 * 1024;
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
 * Makes a function that writes the body of a PutTraceSegments request: documents as JSON strings. Reading the body gives
 * back each document's text; what is no UTF-8 in it is U+FFFD, as it would be for everybody else who reads it. Memory is
 * kept, since fresh pages cost a quarter of what writing to them does.
 */
export function createSegmentBodyWriter(): (documents: readonly Uint8Array[]) => SegmentBody {
  const free: Buffer[] = [];
  return (documents) => {
    let needed = before.length + "[]".length + end.length;
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
  let length = before.copy(slab);
  let texts: string[] = [];
  let textBytes = 0;
  let isFirst = true;
  const write = (): void => {
    // Each list but the first begins where the one before was closed, so that they become one.
    const start = isFirst ? length : length - 1;
    length = start + slab.write(JSON.stringify(texts), start, "latin1");
    if (!isFirst) slab[start] = comma;
    isFirst = false;
    texts = [];
    textBytes = 0;
  };
  for (const document of documents) {
    if (textBytes > 0 && textBytes + document.length > stretchBytes) write();
    texts.push(asCharacters(document));
    textBytes += document.length;
  }
  if (isFirst || texts.length > 0) write();
  return length + end.copy(slab, length);
}

/**
 * Bytes as characters of the same numbers: nothing is decoded, and JSON escapes none above 127. A loop over the bytes is
 * about as quick, but only while nothing in the thread has transferred a buffer away or let a WebAssembly memory grow: from
 * then on V8 asks at each access to any buffer whether that is still there, and the loop takes half as long again.
 */
function asCharacters(document: Uint8Array): string {
  const buffer = Buffer.isBuffer(document) ? document : viewOf(document);
  return (isUtf8(buffer) ? buffer : repaired(buffer)).toString("latin1");
}

/** Bytes that are no UTF-8 replaced, a byte-order mark kept. */
function repaired(document: Buffer): Buffer {
  return Buffer.from(document.toString("utf8"));
}

function viewOf(document: Uint8Array): Buffer {
  return Buffer.from(document.buffer, document.byteOffset, document.length);
}
