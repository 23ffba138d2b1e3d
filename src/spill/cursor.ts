import { constants } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { type Disk, syncFolder } from "./spill-files.ts";

const magic = 0x01435346;
const bytes = 16;
/** After a crash no more is sent twice than was delivered in this time. */
const pauseMs = 200;

/**
 * Remembers on disk up to which document everything is delivered. Written now and then, and over itself, so that it works
 * on a full disk too; one that is lost or torn only means that more is sent twice.
 *
 * Its file stays when all others are gone: numbers must never start again behind a cursor that is further on.
 */
export class Cursor {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #folder: string;
  #written: number;
  #wanted: number;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  private constructor(disk: Disk, folder: string, document: number) {
    this.#disk = disk;
    this.#folder = folder;
    this.#path = join(folder, "cursor");
    this.#written = document;
    this.#wanted = document;
  }

  static async open(disk: Disk, folder: string): Promise<Cursor> {
    return new Cursor(disk, folder, await readCursor(disk, join(folder, "cursor")));
  }

  /** Number of the first document that may not be delivered. */
  get document(): number {
    return this.#wanted;
  }

  moveTo(document: number): void {
    this.#wanted = document;
    if (this.#wanted === this.#written) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#writing ??= this.#write({ sync: false }).finally(() => {
        this.#writing = undefined;
      });
    }, pauseMs).unref();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writing;
    if (this.#wanted !== this.#written) await this.#write({ sync: true });
  }

  async #write({ sync }: { sync: boolean }): Promise<void> {
    const document = this.#wanted;
    const content = Buffer.alloc(bytes);
    content.writeUInt32LE(magic, 0);
    content.writeDoubleLE(document, 8);
    content.writeUInt32LE(crc32(content.subarray(8)), 4);
    try {
      const handle = await this.#disk.open(this.#path, constants.O_RDWR | constants.O_CREAT, 0o600);
      try {
        await handle.write(content, 0, bytes, 0);
        if (sync) await handle.sync();
      } finally {
        await handle.close();
      }
      if (sync) await syncFolder(this.#disk, this.#folder);
      this.#written = document;
    } catch {
      // The next move tries again; until one succeeds a restart sends more twice.
    }
  }
}

async function readCursor(disk: Disk, path: string): Promise<number> {
  try {
    const handle = await disk.open(path, "r");
    try {
      const content = Buffer.alloc(bytes);
      await handle.read(content, 0, bytes, 0);
      const isWhole = content.readUInt32LE(0) === magic && content.readUInt32LE(4) === crc32(content.subarray(8));
      return isWhole ? content.readDoubleLE(8) : 0;
    } finally {
      await handle.close();
    }
  } catch {
    // None was written yet, or it cannot be read: everything on disk is sent.
    return 0;
  }
}
