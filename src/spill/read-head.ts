import type { Log } from "../log.ts";
import type { Place, RecordReader } from "./record-reader.ts";
import type { SpillFile } from "./spill-files.ts";
import type { Written } from "./spill-writer.ts";

/** A pack as it comes back from disk. */
export interface SpilledPack {
  readonly documents: readonly Uint8Array[];
  readonly ticket: SpillTicket;
}

/** Stands for one pack on disk. */
export interface SpillTicket {
  /** Number of its first document, counted since the folder was begun. */
  readonly first: number;
  readonly count: number;
}

export interface ReadHeadOptions {
  /** The log's files, oldest first: the log's own list, which changes. */
  readonly files: readonly SpillFile[];
  readonly reader: RecordReader;
  /** Number of the first document that is wanted. */
  readonly document: number;
  readonly log: Log;
}

/**
 * Where in the log reading has come to. Documents are numbered without gaps, so whatever is missing between the last one
 * read and the next one that can be read is known to the last document, and counted as damaged.
 */
export class ReadHead {
  readonly #files: readonly SpillFile[];
  readonly #reader: RecordReader;
  readonly #log: Log;
  /** Packs ahead that somebody has in memory, by their first document: they are passed over. */
  readonly #held: Map<number, Written> = new Map();
  #document: number;
  #place: Place | undefined;
  #unread: number;
  #damaged = 0;

  constructor({ files, reader, document, log }: ReadHeadOptions) {
    this.#files = files;
    this.#reader = reader;
    this.#document = document;
    this.#log = log;
    this.#unread = files.reduce((sum, { first, end }) => sum + Math.max(0, end - Math.max(first, document)), 0);
  }

  /** Everything before this one was read, is held, or is lost. */
  get document(): number {
    return this.#document;
  }

  get unread(): number {
    return this.#unread;
  }

  get damaged(): number {
    return this.#damaged;
  }

  /** A pack was written at the end of the log. */
  wrote(written: Written, isHeld: boolean): void {
    if (isHeld) this.#held.set(written.first, written);
    else this.#unread += written.count;
    this.#passHeld();
  }

  /** The file goes away: answers how many unread documents go with it. */
  leave(file: SpillFile): number {
    if (file.end <= this.#document) return 0;
    const lost = this.#skipTo(file.end);
    this.#passHeld();
    return lost;
  }

  /** The next pack, or `undefined` at the end of the log. Rejects with the system's error when a file is there but cannot be read just now. */
  async next(): Promise<SpilledPack | undefined> {
    for (;;) {
      const file = this.#files.find(({ end }) => end > this.#document);
      if (file === undefined) return undefined;
      if (file.first > this.#document) this.#lose(file.first, { before: file.path });
      const place = this.#place?.file === file ? this.#place : { file, offset: 0, document: file.first };
      const pack = await this.#readAt(place);
      this.#passHeld();
      if (pack !== undefined) return pack;
    }
  }

  async #readAt(place: Place): Promise<SpilledPack | undefined> {
    const { file, offset } = place;
    const found = await this.#reader.read(place).catch((error: unknown) => {
      if (isLasting(error)) return { kind: "end", skippedBytes: file.bytes - offset } as const;
      throw error;
    });
    // The bound may have taken the file away meanwhile.
    if (!this.#files.includes(file)) return undefined;
    if (found.skippedBytes > 0) file.isDamaged = true;
    if (found.kind === "end" || found.header.first >= file.end) {
      this.#lose(file.end, { file: file.path, offset });
      return undefined;
    }
    const { first, count } = found.header;
    const document = first + count;
    this.#place = { file, offset: found.end, document };
    if (document <= this.#document) return undefined;
    if (first > this.#document) this.#lose(first, { file: file.path, offset });
    this.#unread -= document - this.#document;
    this.#document = document;
    return { documents: found.documents, ticket: { first, count } };
  }

  #passHeld(): void {
    for (let held = this.#held.get(this.#document); held !== undefined; held = this.#held.get(this.#document)) {
      this.#held.delete(held.first);
      this.#document = held.first + held.count;
      this.#place = { file: held.file, offset: held.offset + held.bytes, document: this.#document };
    }
  }

  #lose(document: number, where: object): void {
    const documents = this.#skipTo(document);
    if (documents === 0) return;
    this.#damaged += documents;
    this.#log.warn({ ...where, documents }, "part of the spill cannot be read, its documents are lost");
  }

  /** Answers how many documents are passed over that nobody has. */
  #skipTo(document: number): number {
    let missing = document - this.#document;
    for (const { first, count } of this.#held.values()) {
      if (first >= document) continue;
      missing -= count;
      this.#held.delete(first);
    }
    this.#document = document;
    this.#unread -= missing;
    return missing;
  }
}

/** The file is gone, or the disk cannot read it: waiting changes nothing. */
function isLasting(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EIO");
}
