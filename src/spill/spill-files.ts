import type { FileHandle } from "node:fs/promises";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** What the spill needs of the file system: `node:fs/promises`, or a test's disk that fails. */
export interface Disk {
  mkdir(path: string, options: { recursive: true; mode: number }): Promise<unknown>;
  open(path: string, flags: string | number, mode?: number): Promise<FileHandle>;
  readdir(path: string): Promise<string[]>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: true }): Promise<void>;
  stat(path: string): Promise<{ readonly size: number }>;
}

/** The real one. */
export const realDisk: Disk = { mkdir, open, readdir, rename, rm, stat };

/** One file of the log. It is named after its first document, so a folder's listing says what is in it. */
export interface SpillFile {
  readonly path: string;
  readonly first: number;
  /** Number behind its last document. */
  end: number;
  /** Up to the last record that is whole. */
  bytes: number;
  /** Something in it could not be read: it is kept aside when it is done with. */
  isDamaged: boolean;
}

const suffix = ".spill";
const damagedSuffix = ".damaged";
/** Damaged files that are kept for a person to look at. */
const keptDamaged = 3;

/** A file that is about to be begun. */
export function newSpillFile(folder: string, first: number): SpillFile {
  const path = join(folder, `${String(first).padStart(16, "0")}${suffix}`);
  return { path, first, end: first, bytes: 0, isDamaged: false };
}

/** Makes the folder, for nobody but this user. */
export async function makeFolder(disk: Disk, folder: string): Promise<void> {
  await disk.mkdir(folder, { recursive: true, mode: 0o700 });
}

/** The files that are there, oldest first. A file ends where the next one begins; where the last ends only its content says. */
export async function listSpillFiles(disk: Disk, folder: string): Promise<SpillFile[]> {
  const firsts = (await disk.readdir(folder))
    .filter((name) => /^\d{16}\.spill$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
  const files: SpillFile[] = [];
  for (const [index, first] of firsts.entries()) {
    const file = newSpillFile(folder, first);
    file.bytes = (await disk.stat(file.path)).size;
    file.end = firsts[index + 1] ?? first;
    files.push(file);
  }
  return files;
}

/** Removes a file that is done with; a damaged one is kept aside, the newest few. */
export async function removeSpillFile(disk: Disk, folder: string, file: SpillFile): Promise<void> {
  if (!file.isDamaged || !(await exists(disk, file.path))) return disk.rm(file.path, { force: true });
  await disk.rename(file.path, `${file.path}${damagedSuffix}`);
  const kept = (await disk.readdir(folder)).filter((name) => name.endsWith(damagedSuffix)).sort();
  for (const name of kept.slice(0, -keptDamaged)) await disk.rm(join(folder, name), { force: true });
}

async function exists(disk: Disk, path: string): Promise<boolean> {
  try {
    await disk.stat(path);
    return true;
  } catch {
    // Gone, or as good as gone.
    return false;
  }
}

/** Writes a page and takes it away again. Rejects with the system's error. */
export async function tryDisk(disk: Disk, folder: string): Promise<void> {
  const path = join(folder, "trial");
  await makeFolder(disk, folder);
  const handle = await disk.open(path, "w", 0o600);
  try {
    await handle.write(Buffer.alloc(4096), 0, 4096, 0);
    await handle.datasync();
  } finally {
    await handle.close();
    await disk.rm(path, { force: true });
  }
}

/** Makes a new name in the folder as durable as a file's content: some systems cannot, and do not need to. */
export async function syncFolder(disk: Disk, folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await disk.open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
