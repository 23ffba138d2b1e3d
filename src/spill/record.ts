import { crc32 } from "node:zlib";

/**
 * One pack of documents in a spill file. All numbers are little-endian.
 *
 * | offset | bytes | what |
 * |--:|--:|---|
 * | 0 | 4 | magic: ff 46 53 01 (the first byte never occurs in UTF-8, hence in no JSON) |
 * | 4 | 4 | CRC-32 of everything behind it |
 * | 8 | 4 | bytes of payload |
 * | 12 | 4 | documents in it |
 * | 16 | 8 | number of the first document (a double) |
 * | 24 | 8 | when it was written, in milliseconds since 1970 (a double) |
 * | 32 | | payload: each document as its length (4 bytes) and its bytes |
 */
export interface RecordHeader {
  readonly first: number;
  readonly count: number;
  readonly writtenMs: number;
  /** Of the record as a whole. */
  readonly bytes: number;
}

export const headerBytes = 32;
/** No record is larger; a header that says so is damaged. */
const maxRecordBytes = 64 * 2 ** 20;

const magic = Buffer.from([0xff, 0x46, 0x53, 0x01]);
const checkedFrom = 8;

/** What `documents` take on disk. */
export function recordBytes(documents: readonly Uint8Array[]): number {
  let bytes = headerBytes;
  for (const document of documents) bytes += 4 + document.length;
  return bytes;
}

/** Writes one record at `at` and answers where it ends. */
export function writeRecord(
  target: Buffer,
  at: number,
  { documents, first, writtenMs }: { documents: readonly Uint8Array[]; first: number; writtenMs: number },
): number {
  let end = at + headerBytes;
  for (const document of documents) {
    end = target.writeUInt32LE(document.length, end);
    target.set(document, end);
    end += document.length;
  }
  magic.copy(target, at);
  target.writeUInt32LE(end - at - headerBytes, at + 8);
  target.writeUInt32LE(documents.length, at + 12);
  target.writeDoubleLE(first, at + 16);
  target.writeDoubleLE(writtenMs, at + 24);
  target.writeUInt32LE(crc32(target.subarray(at + checkedFrom, end)), at + 4);
  return end;
}

/** The header at `at`, or `undefined` where none can be; nothing is checked but that it is possible. */
export function readHeader(source: Buffer, at: number): RecordHeader | undefined {
  if (source.length < at + headerBytes || source.compare(magic, 0, magic.length, at, at + magic.length) !== 0) {
    return undefined;
  }
  const bytes = headerBytes + source.readUInt32LE(at + 8);
  const count = source.readUInt32LE(at + 12);
  const first = source.readDoubleLE(at + 16);
  const isPossible = count > 0 && bytes <= maxRecordBytes && bytes >= headerBytes + 4 * count;
  if (!isPossible || !Number.isSafeInteger(first) || first < 0) return undefined;
  return { first, count, writtenMs: source.readDoubleLE(at + 24), bytes };
}

/** The documents of the record at `at`, as views, or `undefined` when it is not whole or a bit of it has changed. */
export function readDocuments(source: Buffer, at: number, header: RecordHeader): Uint8Array[] | undefined {
  const end = at + header.bytes;
  if (end > source.length || crc32(source.subarray(at + checkedFrom, end)) !== source.readUInt32LE(at + 4)) {
    return undefined;
  }
  const documents: Uint8Array[] = [];
  let next = at + headerBytes;
  while (next + 4 <= end) {
    const start = next + 4;
    next = start + source.readUInt32LE(next);
    if (next > end) return undefined;
    documents.push(source.subarray(start, next));
  }
  return next === end && documents.length === header.count ? documents : undefined;
}

/** The next whole record at `from` or behind it that is plausible there. */
export function findRecord(
  source: Buffer,
  from: number,
  isPlausible: (header: RecordHeader, at: number) => boolean,
): { at: number; header: RecordHeader; documents: Uint8Array[] } | undefined {
  for (let at = source.indexOf(magic, from); at >= 0; at = source.indexOf(magic, at + 1)) {
    const header = readHeader(source, at);
    if (header === undefined || !isPlausible(header, at)) continue;
    const documents = readDocuments(source, at, header);
    if (documents !== undefined) return { at, header, documents };
  }
  return undefined;
}
