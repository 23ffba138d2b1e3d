import { join, resolve } from "node:path";
import type { Log } from "../log.ts";
import { type Disk, listSpillFiles, realDisk } from "./spill-files.ts";
import { isLocked } from "./spill-lock.ts";

/**
 * Says in one warning which spills below a folder wait for a destination that is not sent to any more: nobody will ever
 * send them, and nothing else would tell. `used` are the folders of those that are. Never rejects.
 */
export async function warnOfLeftSpills(
  parent: string,
  used: readonly string[],
  log: Log,
  disk: Disk = realDisk,
): Promise<void> {
  const known = new Set(used.map((folder) => resolve(folder)));
  const folders = (await namesIn(disk, parent)).map((name) => resolve(join(parent, name)));
  const found = await Promise.all(
    folders
      .sort()
      .flatMap(async (folder) => ({ folder, bytes: known.has(folder) ? 0 : await bytesLeft(disk, folder) })),
  );
  const left = found.filter(({ bytes }) => bytes > 0);
  if (left.length === 0) return;
  const list = left.map(({ folder, bytes }) => `${megabytes(bytes)} in ${folder}`).join(", ");
  const text =
    `Segments are on disk for destinations that are not sent to any more: ${list}. ` +
    "Start with such a destination once more to send them, or remove the folder.";
  log.warn({ text, folders: left.map(({ folder }) => folder) }, "segments are on disk that nobody sends");
}

/** What another process has open is not left. */
async function bytesLeft(disk: Disk, folder: string): Promise<number> {
  try {
    const files = await listSpillFiles(disk, folder);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return bytes > 0 && !(await isLocked(folder)) ? bytes : 0;
  } catch {
    // No folder, or not for us: then no spill of ours.
    return 0;
  }
}

async function namesIn(disk: Disk, folder: string): Promise<string[]> {
  try {
    return await disk.readdir(folder);
  } catch {
    // None has been made yet.
    return [];
  }
}

const megabytes = (bytes: number): string => `${Math.max(bytes / 2 ** 20, 0.1).toFixed(1)} MB`;
