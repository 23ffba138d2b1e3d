import { mkdtemp, open, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bytesText } from "../quantities.ts";
import type { Finding, Patient } from "./finding.ts";

const subject = "data folder";
/** Below this a day of modest traffic does not fit. */
const littleBytes = 10 ** 9;
/** Each batch waits for the disk once or twice; at this pace a thousand segments a second are at the limit. */
const slowMs = 100;

/** Whether the store's folder can be written, by whom it can be read, and how much room there is. */
export async function checkDataDir({ config }: Patient): Promise<Finding[]> {
  const { dataDir, ephemeral, noStore, store, maxSize } = config;
  if (ephemeral || noStore || store !== undefined) return [{ kind: "fine", subject, text: "Nothing is kept on disk." }];
  const folder = await nearestExisting(dataDir);
  const written = await timeOfWriting(folder);
  if (typeof written === "string") {
    const text = `${folder} cannot be written (${written}).`;
    return [
      { kind: "trouble", subject, text, remedy: "Give this user write access, or name another with --data-dir." },
    ];
  }
  const findings: Finding[] = [{ kind: "fine", subject, text: `${dataDir} can be written.` }];
  if (written > slowMs) {
    const text = `The disk takes ${Math.round(written)} ms to keep something for good.`;
    findings.push({
      kind: "note",
      subject,
      text,
      remedy: "Put --data-dir on a local disk if many segments are to come.",
    });
  }
  if (folder === dataDir) findings.push(...(await checkMode(dataDir)));
  return [...findings, await checkRoom(folder, maxSize)];
}

/** The folder itself, or the first above it that is there: that is where it would be made. */
async function nearestExisting(folder: string): Promise<string> {
  for (let path = folder; ; path = dirname(path)) {
    const isThere = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (isThere || path === dirname(path)) return path;
  }
}

/** Milliseconds that a small file needs until it is on disk, or why there can be none. */
async function timeOfWriting(folder: string): Promise<number | string> {
  let made: string | undefined;
  try {
    made = await mkdtemp(join(folder, ".doctor-"));
    const startMs = performance.now();
    const file = await open(join(made, "probe"), "w");
    await file.write("probe");
    await file.sync();
    await file.close();
    return performance.now() - startMs;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  } finally {
    if (made !== undefined) await rm(made, { recursive: true, force: true });
  }
}

async function checkMode(folder: string): Promise<Finding[]> {
  const { mode } = await stat(folder);
  // Windows has no such bits; what Node reports there says nothing.
  if (process.platform === "win32" || (mode & 0o077) === 0) return [];
  const text = `${folder} can be read by other users of this machine, and traces tell much.`;
  return [{ kind: "note", subject, text, remedy: `chmod 700 ${folder}` }];
}

async function checkRoom(folder: string, maxSize: number): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const text = `${bytesText(free)} are free on that disk, and the store may take ${bytesText(maxSize)}.`;
  if (free >= maxSize) return { kind: "fine", subject: "disk", text };
  const remedy = "Make room, or let the store take less with --max-size.";
  return { kind: free < littleBytes ? "trouble" : "note", subject: "disk", text, remedy };
}
