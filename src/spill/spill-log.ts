import type { Log } from "../log.ts";
import { Cursor } from "./cursor.ts";
import { cutTail } from "./cut-tail.ts";
import { ReadHead, type SpilledPack, type SpillTicket } from "./read-head.ts";
import { RecordReader } from "./record-reader.ts";
import { openError, writeError } from "./spill-errors.ts";
import {
  type Disk,
  listSpillFiles,
  makeFolder,
  realDisk,
  removeSpillFile,
  type SpillFile,
  tryDisk,
} from "./spill-files.ts";
import { type Lock, lockIfPossible } from "./spill-lock.ts";
import { SpillWriter } from "./spill-writer.ts";

export type { SpilledPack, SpillTicket };

/** What is on disk, and what was lost there, in documents. */
export interface SpillFigures {
  /** Neither in somebody's memory nor lost. */
  readonly unread: number;
  /** Size of all files. */
  readonly bytes: number;
  /** Lost to the bound: the oldest. */
  readonly evicted: number;
  /** On disk once, but not readable any more. */
  readonly damaged: number;
}

export interface SpillLogOptions {
  /** Made when it is missing, for nobody but this user. */
  readonly folder: string;
  /** Of all files together. When there would be more, the oldest file goes. */
  readonly maxBytes: number;
  readonly log: Log;
  /** Milliseconds. */
  readonly now?: () => number;
  readonly disk?: Disk;
  /** A new file is begun when one has grown to this. */
  readonly fileBytes?: number;
}

/** A file is removed when all of it is delivered: small enough for that to happen often, large enough to be rare work. */
const usualFileBytes = 8 * 2 ** 20;
const smallestFileBytes = 64 * 2 ** 10;
const filesInBound = 8;
/** How long a file stays open for more when all of it is delivered. */
const idleMs = 1_000;

/**
 * Opens the spill in a folder. Rejects with `FLUORO_SPILL_IN_USE` while another process has it, and with
 * `FLUORO_SPILL_WRITE` when there is no such folder and none can be made.
 *
 * @example
 * const spill = await openSpillLog({ folder: "/var/lib/fluoroscope/spill", maxBytes: 2 ** 30, log });
 * await spill.append([document]);
 * const pack = await spill.read();
 * if (pack !== undefined) spill.release(pack.ticket);
 */
export async function openSpillLog(options: SpillLogOptions): Promise<SpillLog> {
  const { folder, maxBytes, log, now = Date.now, disk = realDisk } = options;
  const fileBytes = Math.min(options.fileBytes ?? usualFileBytes, Math.max(smallestFileBytes, maxBytes / filesInBound));
  let lock: Lock | undefined;
  try {
    await makeFolder(disk, folder);
    lock = await lockIfPossible(folder, log);
    const files = await listSpillFiles(disk, folder);
    const torn = await cutTail({ disk, folder, files, log });
    const cursor = await Cursor.open(disk, folder);
    return new SpillLog({ folder, maxBytes, fileBytes, log, now, disk, files, torn, cursor, lock });
  } catch (cause) {
    await lock?.release();
    throw openError(folder, cause);
  }
}

/**
 * Documents on disk that could not be sent yet, in the order in which they came. What `append` has resolved for survives
 * `kill -9` and, as far as disk and file system keep their promises, a power failure. Each document is handed out at
 * least once.
 */
export class SpillLog {
  /** Documents that an earlier run had left when this one opened, damaged ones included. */
  readonly found: number;

  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #log: Log;
  readonly #disk: Disk;
  readonly #files: SpillFile[];
  readonly #cursor: Cursor;
  readonly #writer: SpillWriter;
  readonly #reader: RecordReader;
  readonly #head: ReadHead;
  /** Packs in somebody's memory that are not delivered yet, by their first document. */
  readonly #held: Map<number, SpillTicket> = new Map();
  /** Packs that went back undelivered, and how many of their documents. */
  readonly #left: Map<number, number> = new Map();
  readonly #torn: number;
  #lock: Lock | undefined;
  #evicted = 0;
  #reading: Promise<unknown> = Promise.resolve();
  #removing: Promise<void> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;

  /** Use `openSpillLog`. */
  constructor(options: {
    readonly folder: string;
    readonly maxBytes: number;
    readonly fileBytes: number;
    readonly log: Log;
    readonly now: () => number;
    readonly disk: Disk;
    readonly files: SpillFile[];
    readonly torn: number;
    readonly cursor: Cursor;
    readonly lock: Lock | undefined;
  }) {
    const { folder, disk, files, cursor, log } = options;
    this.#folder = folder;
    this.#maxBytes = options.maxBytes;
    this.#log = log;
    this.#disk = disk;
    this.#files = files;
    this.#cursor = cursor;
    this.#torn = options.torn;
    this.#lock = options.lock;
    this.#reader = new RecordReader(disk);
    this.#head = new ReadHead({
      files,
      reader: this.#reader,
      document: Math.max(cursor.document, files[0]?.first ?? 0),
      log,
    });
    this.#writer = new SpillWriter({
      disk,
      folder,
      fileBytes: options.fileBytes,
      next: Math.max(cursor.document, files.at(-1)?.end ?? 0),
      now: options.now,
      makeRoom: (bytes) => this.#makeRoom(bytes),
      remakeFolder: () => this.#remakeFolder(),
      onBegin: (file) => files.push(file),
      onVoid: (file) => this.#forget(file),
    });
    this.found = this.#head.unread + options.torn;
    this.#removeDelivered();
  }

  /**
   * Writes documents as one pack. Resolves when they are on disk. Rejects with `FLUORO_SPILL_WRITE` when they are not,
   * and so does everything that waits behind them, so that order survives. Concurrent calls share one `fsync`.
   */
  append(documents: readonly Uint8Array[]): Promise<void> {
    return this.#writer.append(documents, (written) => this.#head.wrote(written, false));
  }

  /** As `append`, for a pack that stays in memory: `read` passes over it, and `release` says when it is delivered. */
  async appendHeld(documents: readonly Uint8Array[]): Promise<SpillTicket> {
    let ticket: SpillTicket | undefined;
    await this.#writer.append(documents, (written) => {
      ticket = { first: written.first, count: written.count };
      this.#held.set(ticket.first, ticket);
      this.#head.wrote(written, true);
    });
    return ticket!;
  }

  /** The oldest pack that was not handed out yet, or `undefined` when there is none. Rejects when a file is there but cannot be opened just now. */
  read(): Promise<SpilledPack | undefined> {
    const reading = this.#reading.then(async () => {
      const pack = await this.#head.next();
      if (pack !== undefined) this.#held.set(pack.ticket.first, pack.ticket);
      else this.#removeDelivered();
      return pack;
    });
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  /** The pack was delivered, or given up. What is not released is handed out again by the next run. */
  release(ticket: SpillTicket): void {
    this.#held.delete(ticket.first);
    this.#removeDelivered();
  }

  /** So many documents of the pack are given back undelivered: they stay on disk, for the next run. */
  leave(ticket: SpillTicket, documents: number): void {
    this.#held.delete(ticket.first);
    this.#left.set(ticket.first, (this.#left.get(ticket.first) ?? 0) + documents);
  }

  /** False when the bound has taken the pack away since. */
  has(ticket: SpillTicket): boolean {
    return ticket.first >= (this.#files[0]?.first ?? this.#writer.next);
  }

  /** Resolves when the disk takes data, of which nothing stays; rejects as `append` does. */
  async check(): Promise<void> {
    try {
      await tryDisk(this.#disk, this.#folder);
    } catch (cause) {
      throw writeError(this.#folder, cause);
    }
  }

  figures(): SpillFigures {
    return {
      unread: this.#head.unread + sum(this.#left.values()),
      bytes: this.#bytes(),
      evicted: this.#evicted,
      damaged: this.#head.damaged + this.#torn,
    };
  }

  /** Waits for what is being written, then lets go of the folder. May be called twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#reading;
    await this.#writer.close();
    this.#removeDelivered();
    clearTimeout(this.#idle);
    await this.#removing;
    await this.#reader.close();
    await this.#cursor.close();
    await this.#lock?.release();
  }

  /** Moves the cursor up, and removes the files that lie behind it. */
  #removeDelivered(): void {
    let delivered = this.#head.document;
    for (const first of this.#held.keys()) delivered = Math.min(delivered, first);
    for (const first of this.#left.keys()) delivered = Math.min(delivered, first);
    this.#cursor.moveTo(delivered);
    for (let file = this.#files[0]; file !== undefined && file.end <= delivered; file = this.#files[0]) {
      if (file === this.#writer.file) {
        // More may come: it is kept for a while.
        this.#removeWhenIdle();
        break;
      }
      this.#remove(file);
    }
  }

  #removeWhenIdle(): void {
    if (this.#idle !== undefined || this.#closed !== undefined) return;
    this.#idle = setTimeout(async () => {
      this.#idle = undefined;
      const file = this.#writer.file;
      if (this.#writer.isIdle && file !== undefined && file.end <= this.#cursor.document) await this.#writer.seal();
      this.#removeDelivered();
    }, idleMs).unref();
  }

  async #makeRoom(bytes: number): Promise<void> {
    for (
      let file = this.#files[0];
      file !== undefined && this.#bytes() + bytes > this.#maxBytes;
      file = this.#files[0]
    ) {
      if (file === this.#writer.file) await this.#writer.seal();
      const documents = this.#head.leave(file) + this.#loseLeft(file);
      this.#evicted += documents;
      if (documents > 0) {
        const remedy = "give it more room (--spill-max-size), or let the other side take more";
        this.#log.warn({ file: file.path, documents, remedy }, "the spill is full, its oldest documents are dropped");
      }
      this.#remove(file);
    }
    await this.#removing;
  }

  #loseLeft({ end }: SpillFile): number {
    const lost = [...this.#left].filter(([first]) => first < end);
    for (const [first] of lost) this.#left.delete(first);
    return sum(lost.map(([, documents]) => documents));
  }

  #remove(file: SpillFile): void {
    this.#forget(file);
    const left = this.#reading.then(() => this.#reader.leave(file));
    this.#reading = left.catch(() => undefined);
    this.#removing = this.#removing.then(async () => {
      try {
        await left;
        await removeSpillFile(this.#disk, this.#folder, file);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#log.warn({ file: file.path, error: reason }, "a file of the spill cannot be removed");
      }
    });
  }

  #forget(file: SpillFile): void {
    const index = this.#files.indexOf(file);
    if (index >= 0) this.#files.splice(index, 1);
  }

  async #remakeFolder(): Promise<void> {
    await makeFolder(this.#disk, this.#folder);
    await this.#lock?.release();
    this.#lock = await lockIfPossible(this.#folder, this.#log);
  }

  #bytes(): number {
    return this.#files.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

function sum(numbers: Iterable<number>): number {
  let result = 0;
  for (const number of numbers) result += number;
  return result;
}
