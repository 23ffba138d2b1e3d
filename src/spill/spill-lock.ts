import { createHash, randomBytes } from "node:crypto";
import { link, open, rename, rm, stat } from "node:fs/promises";
import { createConnection, createServer, type Server } from "node:net";
import { join } from "node:path";
import { FluoroscopeError } from "../errors.ts";
import type { Log } from "../log.ts";

/** Held while a spill is open. */
export interface Lock {
  release(): Promise<void>;
}

/** Longest address that every system takes for a local socket. */
const maxAddressBytes = 100;
const answerMs = 500;

/**
 * Keeps a second process off the folder. The lock is a local socket in it that somebody listens on: the system ends that
 * with the process however it dies, so the lock cannot go stale, and it is seen from other containers that share the
 * folder, where process numbers mean nothing. Whoever connects is told the number, for the message.
 *
 * Rejects with `FLUORO_SPILL_IN_USE`, or with the system's error where the folder can hold no socket.
 */
async function takeLock(folder: string): Promise<Lock> {
  if (process.platform === "win32") return takePipe(folder);
  const lock = join(folder, "spill.lock");
  const name = `spill.lock.${process.pid}-${randomBytes(4).toString("hex")}`;
  // Listening comes first and the lock's name second, so nobody ever finds a lock that does not answer yet.
  const server = await atShortAddress(folder, name, listen);
  let own: number;
  try {
    await takeName(folder, name);
    own = (await stat(lock)).ino;
  } catch (error) {
    await close(server);
    throw error;
  } finally {
    await rm(join(folder, name), { force: true });
  }
  return {
    async release() {
      // The folder may have been removed and made anew by another process, with a lock of its own.
      if ((await inodeOf(lock)) === own) await rm(lock, { force: true });
      await close(server);
    },
  };
}

/** Some file systems hold no sockets, and a full or read-only one none just now: better no lock than no spill. */
export async function lockIfPossible(folder: string, log: Log): Promise<Lock | undefined> {
  try {
    return await takeLock(folder);
  } catch (error) {
    if (error instanceof FluoroscopeError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ folder, error: reason }, "the spill's folder cannot be locked; let no other daemon use it");
    return undefined;
  }
}

/** Whether a process has the spill in the folder open. */
export async function isLocked(folder: string): Promise<boolean> {
  const asking = process.platform === "win32" ? askAddress(pipeOf(folder)) : askHolder(folder, "spill.lock");
  return (await asking) !== undefined;
}

async function inodeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).ino;
  } catch {
    // Removed by hand: nothing is left to remove.
    return undefined;
  }
}

async function takeName(folder: string, name: string): Promise<void> {
  const lock = join(folder, "spill.lock");
  for (;;) {
    try {
      return await link(join(folder, name), lock);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    const holder = await askHolder(folder, "spill.lock");
    if (holder !== undefined) throw inUse(folder, holder);
    await removeDead(folder, `${name}.dead`);
  }
}

/** Moves the dead lock away and looks again: another process may have been quicker, and then it was that one's lock. */
async function removeDead(folder: string, name: string): Promise<void> {
  const lock = join(folder, "spill.lock");
  const moved = join(folder, name);
  try {
    await rename(lock, moved);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  const holder = await askHolder(folder, name);
  if (holder !== undefined) await link(moved, lock);
  await rm(moved, { force: true });
}

/** Who listens: its process number, empty when it is too busy to say; `undefined` when nobody does. */
function askHolder(folder: string, name: string): Promise<string | undefined> {
  return atShortAddress(folder, name, (address) => askAddress(address));
}

function askAddress(address: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(address);
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      answer += text;
    });
    socket.setTimeout(answerMs, () => socket.destroy());
    socket.on("close", () => resolve(answer.trim()));
    socket.on("error", (error) => {
      if (["ECONNREFUSED", "ENOENT"].includes(codeOf(error) ?? "")) resolve(undefined);
      else reject(error);
    });
  });
}

/** Local sockets have addresses of some hundred bytes; deeper folders are reached through a handle where there is such a way. */
async function atShortAddress<Result>(
  folder: string,
  name: string,
  work: (address: string) => Promise<Result>,
): Promise<Result> {
  const address = join(folder, name);
  if (Buffer.byteLength(address) <= maxAddressBytes || process.platform !== "linux") return work(address);
  const handle = await open(folder, "r");
  try {
    return await work(`/proc/self/fd/${handle.fd}/${name}`);
  } finally {
    await handle.close();
  }
}

function listen(address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.end(`${process.pid}\n`);
    });
    server.once("error", reject);
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Windows keeps such names apart from files, and drops them with the process. */
async function takePipe(folder: string): Promise<Lock> {
  const address = pipeOf(folder);
  try {
    const server = await listen(address);
    return { release: () => close(server) };
  } catch (error) {
    if (codeOf(error) !== "EADDRINUSE") throw error;
    throw inUse(folder, (await askAddress(address)) ?? "");
  }
}

function pipeOf(folder: string): string {
  return `\\\\.\\pipe\\fluoroscope-${createHash("sha256").update(folder).digest("hex")}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function inUse(folder: string, holder: string): FluoroscopeError {
  const who = holder === "" ? "" : ` (process ${holder})`;
  return new FluoroscopeError(
    "FLUORO_SPILL_IN_USE",
    `The spill in ${folder} is in use by another fluoroscope${who}. Stop it, or name another folder with --spill-dir.`,
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
