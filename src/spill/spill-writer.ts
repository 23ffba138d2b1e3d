import type { FileHandle } from "node:fs/promises";
import { recordBytes, writeRecord } from "./record.ts";
import { writeError } from "./spill-errors.ts";
import { type Disk, newSpillFile, type SpillFile, syncFolder } from "./spill-files.ts";

/** A pack that was written: it is on disk when the writer says so. */
export interface Written {
  readonly file: SpillFile;
  readonly offset: number;
  readonly bytes: number;
  readonly first: number;
  readonly count: number;
}

export interface SpillWriterOptions {
  readonly disk: Disk;
  readonly folder: string;
  /** A new file is begun when one has grown to this. */
  readonly fileBytes: number;
  /** Number of the next document. */
  readonly next: number;
  readonly now: () => number;
  /** Frees room for so many bytes more. It may `seal` the file that is being written. */
  readonly makeRoom: (bytes: number) => Promise<void>;
  /** The folder has gone and must be made again. */
  readonly remakeFolder: () => Promise<void>;
  readonly onBegin: (file: SpillFile) => void;
  /** The file has no whole record, and is to be forgotten. */
  readonly onVoid: (file: SpillFile) => void;
}

interface Pending {
  readonly documents: readonly Uint8Array[];
  readonly bytes: number;
  /** Called at the moment at which the pack is on disk. */
  readonly onWritten: (written: Written) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Written and synced at once, at most; while that goes on, more gathers. */
const groupBytes = 4 * 2 ** 20;

/**
 * Appends packs to the newest file. What waits is written together and shares one `fsync`. After any failure the file is
 * cut back to its last record that is safe and left alone: once `fsync` has failed, nobody knows what a file holds.
 */
export class SpillWriter {
  readonly #options: SpillWriterOptions;
  #pending: Pending[] = [];
  #running: Promise<void> | undefined;
  #active: { readonly file: SpillFile; readonly handle: FileHandle } | undefined;
  #next: number;

  constructor(options: SpillWriterOptions) {
    this.#options = options;
    this.#next = options.next;
  }

  /** Number of the next document. */
  get next(): number {
    return this.#next;
  }

  /** The file that is being written. */
  get file(): SpillFile | undefined {
    return this.#active?.file;
  }

  get isIdle(): boolean {
    return this.#running === undefined;
  }

  append(documents: readonly Uint8Array[], onWritten: (written: Written) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ documents, bytes: recordBytes(documents), onWritten, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Ends the file that is being written; the next pack begins another. Only while idle, or from `makeRoom`. */
  async seal(): Promise<void> {
    const active = this.#active;
    this.#active = undefined;
    // Everything in it was synced: there is nothing left that closing could lose.
    await Promise.allSettled([active?.handle.close()]);
  }

  async close(): Promise<void> {
    await this.#running;
    await this.seal();
  }

  async #run(): Promise<void> {
    // What is appended in this turn of the loop goes along.
    await undefined;
    while (this.#pending.length > 0) {
      const group = this.#takeGroup();
      try {
        await this.#write(group);
      } catch (cause) {
        await this.#abandon();
        const error = writeError(this.#options.folder, cause);
        for (const { reject } of [...group, ...this.#pending]) reject(error);
        this.#pending = [];
      }
    }
    this.#running = undefined;
  }

  #takeGroup(): Pending[] {
    let bytes = 0;
    const most = Math.min(groupBytes, this.#options.fileBytes);
    const end = this.#pending.findIndex((pack) => {
      bytes += pack.bytes;
      return bytes > most;
    });
    return this.#pending.splice(0, end === -1 ? this.#pending.length : Math.max(end, 1));
  }

  async #write(group: readonly Pending[]): Promise<void> {
    const bytes = group.reduce((sum, pack) => sum + pack.bytes, 0);
    if (this.#active !== undefined && this.#active.file.bytes + bytes > this.#options.fileBytes) await this.seal();
    await this.#options.makeRoom(bytes);
    this.#active ??= await this.#begin();
    const { file, handle } = this.#active;
    await writeAll(handle, this.#encode(group, bytes), file.bytes);
    await handle.datasync();
    if ((await handle.stat()).nlink === 0) throw new Error("the file was removed while it was written");
    for (const { documents, bytes, onWritten, resolve } of group) {
      const written = { file, offset: file.bytes, bytes, first: this.#next, count: documents.length };
      this.#next += documents.length;
      file.bytes += bytes;
      file.end = this.#next;
      onWritten(written);
      resolve();
    }
  }

  #encode(group: readonly Pending[], bytes: number): Buffer {
    const target = Buffer.allocUnsafeSlow(bytes);
    const writtenMs = this.#options.now();
    let at = 0;
    let first = this.#next;
    for (const { documents } of group) {
      at = writeRecord(target, at, { documents, first, writtenMs });
      first += documents.length;
    }
    return target;
  }

  async #begin(): Promise<{ file: SpillFile; handle: FileHandle }> {
    const { disk, folder, remakeFolder, onBegin } = this.#options;
    const file = newSpillFile(folder, this.#next);
    const open = () => disk.open(file.path, "w", 0o600);
    const handle = await open().catch(async (error: unknown) => {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
      await remakeFolder();
      return open();
    });
    onBegin(file);
    // From here on a failure finds the file in its place.
    this.#active = { file, handle };
    await syncFolder(disk, folder);
    return this.#active;
  }

  async #abandon(): Promise<void> {
    const active = this.#active;
    if (active === undefined) return;
    this.#active = undefined;
    const { file, handle } = active;
    await Promise.allSettled([handle.truncate(file.bytes)]);
    await Promise.allSettled([handle.close()]);
    if (file.bytes > 0) return;
    this.#options.onVoid(file);
    await Promise.allSettled([this.#options.disk.rm(file.path, { force: true })]);
  }
}

async function writeAll(handle: FileHandle, content: Buffer, position: number): Promise<void> {
  let at = 0;
  while (at < content.length) {
    const { bytesWritten } = await handle.write(content, at, content.length - at, position + at);
    if (bytesWritten === 0) throw new Error("the disk took nothing");
    at += bytesWritten;
  }
}
