import { existsSync, readdirSync, renameSync, statSync } from "node:fs";
import { rm, truncate } from "node:fs/promises";
import { join } from "node:path";

/** One database file of the store. Its name says from when on new traces went into it; the next one's says until when. */
export interface PartFile {
  readonly path: string;
  readonly startSeconds: number;
}

const pattern = /^traces-(\d{4}-\d\d-\d\dT)(\d\d)(\d\d)(\d\d\.\d{3}Z)\.db$/;
/** SQLite's own companions of a database. */
const companions = ["", "-wal", "-shm"];

/** The parts in a directory, oldest first. The directory is the catalogue: there is no list that could disagree with it. */
export function listParts(directory: string): PartFile[] {
  return readdirSync(directory)
    .flatMap((name) => {
      const [, day, hours, minutes, rest] = pattern.exec(name) ?? [];
      if (day === undefined) return [];
      return { path: join(directory, name), startSeconds: Date.parse(`${day}${hours}:${minutes}:${rest}`) / 1000 };
    })
    .sort((a, b) => a.startSeconds - b.startSeconds);
}

/** The file of a part that begins at this time; colons are left out of the name, since Windows has none. */
export function partFile(directory: string, startSeconds: number): PartFile {
  const time = new Date(Math.round(startSeconds * 1000)).toISOString().replaceAll(":", "");
  return { path: join(directory, `traces-${time}.db`), startSeconds };
}

/** Bytes on disk, with what SQLite keeps beside it. */
export function sizeOf(path: string): number {
  let bytes = 0;
  for (const companion of companions) bytes += statSync(path + companion, { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}

/**
 * Removes a part for good, beside whatever else its thread does: a gigabyte takes the system 70 ms. It is emptied first: a
 * connection that was closed may hold on to its file until the garbage collector finds its statements, and the space would
 * be taken as long.
 */
export async function removePart(path: string): Promise<void> {
  for (const companion of companions) {
    if (existsSync(path + companion)) await truncate(path + companion);
    try {
      await rm(path + companion, { force: true });
    } catch {
      // Windows keeps the name as long as somebody holds the file. Empty as it is, it does no harm until the next start.
    }
  }
}

/** Takes a damaged part out of the store without losing it. Answers where it is now. */
export function setAside({ path }: PartFile): string {
  let target = `${path}.damaged`;
  for (let copy = 2; existsSync(target); copy++) target = `${path}.damaged-${copy}`;
  for (const companion of companions)
    if (existsSync(path + companion)) renameSync(path + companion, target + companion);
  return target;
}
