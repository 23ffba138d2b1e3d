import type { FileHandle } from "node:fs/promises";
import { findRecord, headerBytes, type RecordHeader, readDocuments, readHeader } from "./record.ts";
import type { Disk, SpillFile } from "./spill-files.ts";

/** The next whole record of a file, and how many bytes before it were no records; or that there is none. */
export type Found =
  | {
      readonly kind: "record";
      readonly header: RecordHeader;
      readonly documents: readonly Uint8Array[];
      /** Offset behind it. */
      readonly end: number;
      readonly skippedBytes: number;
    }
  | { readonly kind: "end"; readonly skippedBytes: number };

/** A place in a file, with the number of the document that is expected there. */
export interface Place {
  readonly file: SpillFile;
  readonly offset: number;
  readonly document: number;
}

/** Reads spill files record by record, one file open at a time; no more is in memory than a record. */
export class RecordReader {
  readonly #disk: Disk;
  #handle: FileHandle | undefined;
  #path: string | undefined;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** The first whole record at a place or behind it. Rejects with the system's error. */
  async read(place: Place): Promise<Found> {
    const { file, offset } = place;
    const end = file.bytes;
    if (offset >= end) return { kind: "end", skippedBytes: 0 };
    const handle = await this.#open(file.path);
    const head = await readBytes(handle, offset, Math.min(headerBytes, end - offset));
    const header = readHeader(head, 0);
    if (header !== undefined && offset + header.bytes <= end && header.first === place.document) {
      const record = Buffer.allocUnsafeSlow(header.bytes);
      head.copy(record);
      await fill(handle, record.subarray(headerBytes), offset + headerBytes);
      const documents = readDocuments(record, 0, header);
      if (documents !== undefined) {
        return { kind: "record", header, documents, end: offset + header.bytes, skippedBytes: 0 };
      }
    }
    return searchRest(handle, place, end);
  }

  /** What the bytes at a place say of themselves, whole or not. */
  async peek({ file, offset }: Place): Promise<RecordHeader | undefined> {
    const handle = await this.#open(file.path);
    return readHeader(await readBytes(handle, offset, headerBytes), 0);
  }

  /** Lets go of a file that is to be removed: an open one would keep its space. */
  async leave(file: SpillFile): Promise<void> {
    if (this.#path === file.path) await this.close();
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    this.#path = undefined;
    await handle?.close();
  }

  async #open(path: string): Promise<FileHandle> {
    if (this.#handle !== undefined && this.#path === path) return this.#handle;
    await this.close();
    this.#handle = await this.#disk.open(path, "r");
    this.#path = path;
    return this.#handle;
  }
}

/**
 * After damage: files are small enough for what is left of one to be looked through as a whole. A document may look like
 * a record; what counts must have a number that the bytes between have room for.
 */
async function searchRest(handle: FileHandle, { offset, document }: Place, end: number): Promise<Found> {
  const rest = await readBytes(handle, offset, end - offset);
  const next = findRecord(rest, 1, ({ first }, at) => first >= document && first - document <= at);
  if (next === undefined) return { kind: "end", skippedBytes: end - offset };
  const { at, header, documents } = next;
  return { kind: "record", header, documents, end: offset + at + header.bytes, skippedBytes: at };
}

/** May be shorter than asked for: then the file is. */
async function readBytes(handle: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const target = Buffer.allocUnsafeSlow(bytes);
  return target.subarray(0, await fill(handle, target, offset));
}

async function fill(handle: FileHandle, target: Buffer, offset: number): Promise<number> {
  let at = 0;
  while (at < target.length) {
    const { bytesRead } = await handle.read(target, at, target.length - at, offset + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return at;
}
