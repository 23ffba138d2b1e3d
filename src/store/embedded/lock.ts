import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../../errors.ts";
import type { Database, OpenDatabase } from "./driver.ts";

/** Held while a store is open. */
export interface Lock {
  release(): void;
}

/**
 * Keeps a second process off the directory. The lock is SQLite's own on a file beside the parts: the system drops it
 * with the process however that ends, so it cannot go stale, which a number in a file can (it comes again, in
 * containers at once). The number is there only to say who it is.
 */
export function takeLock(directory: string, open: OpenDatabase): Lock {
  const holder = join(directory, "store.pid");
  let database: Database | undefined;
  try {
    database = open(join(directory, "store.lock"));
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch (cause) {
    database?.close();
    if (!isBusy(cause)) throw cause;
    throw new StoreError(
      "FLUORO_STORE_IN_USE",
      `${directory} is in use by another fluoroscope${processIn(holder)}. Stop it, or give another --data-dir.`,
      { cause, retryable: false },
    );
  }
  const held = database;
  writeFileSync(holder, `${process.pid}\n`);
  return {
    release() {
      rmSync(holder, { force: true });
      held.close();
    },
  };
}

const isBusy = (error: unknown): boolean => error instanceof Error && /locked|busy/i.test(error.message);

function processIn(file: string): string {
  try {
    return ` (process ${readFileSync(file, "utf8").trim()})`;
  } catch {
    // It is just being written, or was removed by hand: the sentence does without.
    return "";
  }
}
