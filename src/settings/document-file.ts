import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FluoroscopeError } from "../errors.ts";
import type { DocumentStore } from "./document-store.ts";

/** Raised when a reader of an older version would misunderstand the file. */
const version = 1;

/**
 * A document in one JSON file that is replaced as a whole, so that it is always either the old or the new one. Read at the
 * first question. A file that cannot be read is left as it is, and its questions fail: people's work is not written over.
 */
export function documentFile<D extends object>(path: string, initial: D): DocumentStore<D> {
  let loaded: Promise<D> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const current = (): Promise<D> => {
    loaded ??= load(path, initial);
    return loaded;
  };
  return {
    read: current,
    change(make) {
      const changing = last.then(async () => {
        const before = await current();
        const { document, result } = make(before);
        if (document !== before) {
          await write(path, document);
          loaded = Promise.resolve(document);
        }
        return result;
      });
      // The next change does not depend on how this one ended; its caller hears of that.
      last = changing.catch(() => undefined);
      return changing;
    },
  };
}

async function load<D extends object>(path: string, initial: D): Promise<D> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return initial;
    throw damaged(path, reasonOf(error), error);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw damaged(path, `it is not JSON: ${reasonOf(error)}`, error);
  }
  if (typeof content !== "object" || content === null || !("version" in content)) {
    throw damaged(path, "it has no version");
  }
  if (typeof content.version !== "number" || content.version > version) {
    throw damaged(path, `a newer fluoroscope wrote it (version ${JSON.stringify(content.version)})`);
  }
  const { version: _, ...members } = content;
  // What an older file does not know yet has its first value.
  return { ...initial, ...members };
}

async function write(path: string, document: object): Promise<void> {
  const folder = dirname(path);
  const fresh = join(folder, `.${basename(path)}-${randomBytes(6).toString("hex")}`);
  try {
    await mkdir(folder, { recursive: true });
    const file = await open(fresh, "wx", 0o600);
    try {
      await file.writeFile(`${JSON.stringify({ version, ...document }, undefined, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
    const directory = await open(folder, "r");
    try {
      // Without this the new name may not survive a power cut.
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => undefined);
    const message = `${path} cannot be written (${reasonOf(error)}). Check space and permissions there.`;
    throw new FluoroscopeError("FLUORO_SETTINGS_WRITE", message, { cause: error });
  }
}

function damaged(path: string, reason: string, cause?: unknown): FluoroscopeError {
  const message = `${path} cannot be read: ${reason}. Mend the file, or move it away to start anew.`;
  return new FluoroscopeError("FLUORO_SETTINGS_DAMAGED", message, { cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
