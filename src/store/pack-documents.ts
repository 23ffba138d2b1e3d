import type { RawDocument } from "./trace-store.ts";

/** Documents as they cross to another thread: all bytes in one buffer, which can be handed over. */
export interface PackedDocuments {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each document ends. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** What each says of its trace's weight, 0 for nothing; absent when none says anything. */
  readonly weights?: Float64Array<ArrayBuffer>;
}

/** Puts documents together; what `unpackDocuments` is given. */
export function packDocuments(documents: readonly RawDocument[]): PackedDocuments {
  const ends = new Uint32Array(documents.length);
  let length = 0;
  documents.forEach((document, at) => {
    length += document.bytes.length;
    ends[at] = length;
  });
  const bytes = new Uint8Array(length);
  documents.forEach((document, at) => {
    bytes.set(document.bytes, ends[at]! - document.bytes.length);
  });
  if (documents.every(({ weight }) => weight === undefined)) return { bytes, ends };
  return { bytes, ends, weights: Float64Array.from(documents, ({ weight = 0 }) => weight) };
}

/** The documents again, as views on the buffer. */
export function unpackDocuments({ bytes, ends, weights }: PackedDocuments): RawDocument[] {
  return Array.from(ends, (end, at) => {
    const document = { bytes: bytes.subarray(at === 0 ? 0 : ends[at - 1]!, end) };
    return weights?.[at] ? { ...document, weight: weights[at] } : document;
  });
}
