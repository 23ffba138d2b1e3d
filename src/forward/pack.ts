import type { SpillTicket } from "../spill/spill-log.ts";

/** Documents that go out in one request. Whoever has it at the moment (a queue, a request) is the one that may change it. */
export interface Pack {
  /** Those that are not settled yet. */
  documents: readonly Uint8Array[];
  bytes: number;
  /** Its place among all that were sent, from the first request on. */
  place: number | undefined;
  /** Where they are on disk as well, or are just being written. */
  copy: DiskCopy | undefined;
  /** Requests that failed with it. */
  failures: number;
  /** What had been sent of others when it failed first: whether it is this pack that the other side stumbles over. */
  sentAtFirstFailure: number;
}

/** A record on disk. Its documents may be spread over several packs, after a split. */
export interface DiskCopy {
  /** `undefined` until the disk has it. */
  ticket: SpillTicket | undefined;
  /** Documents in it that are not settled yet. */
  left: number;
}

/** What a document costs in memory beside its bytes. */
const documentOverhead = 200;

/** Makes a pack of documents that are in memory alone, or have a copy on disk. */
export function packOf(documents: readonly Uint8Array[], copy?: DiskCopy): Pack {
  return { documents, bytes: sizeOf(documents), place: undefined, copy, failures: 0, sentAtFirstFailure: 0 };
}

/** Bytes of the documents alone. */
export function sizeOf(documents: readonly Uint8Array[]): number {
  let bytes = 0;
  for (const document of documents) bytes += document.length;
  return bytes;
}

/** What a pack takes of the memory that is bounded. */
export function costOf(pack: Pack): number {
  return pack.bytes + documentOverhead * pack.documents.length;
}

/** The two halves of a pack that has some document at fault. */
export function halve(pack: Pack): [Pack, Pack] {
  const middle = pack.documents.length >> 1;
  const half = (documents: readonly Uint8Array[]): Pack => ({ ...pack, documents, bytes: sizeOf(documents) });
  return [half(pack.documents.slice(0, middle)), half(pack.documents.slice(middle))];
}
