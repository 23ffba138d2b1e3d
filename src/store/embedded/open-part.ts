import { StoreError } from "../../errors.ts";
import type { Database, OpenDatabase } from "./driver.ts";
import { migrate } from "./schema.ts";

/**
 * Opens a part for writing. `synchronous = FULL`: a commit returns when it is on disk. The log is folded into the file
 * when it has grown to 32 MB, and at the end.
 */
export function openPart(path: string, open: OpenDatabase): Database {
  const database = open(path);
  try {
    database.exec(`
      PRAGMA busy_timeout = 10000;
      PRAGMA page_size = 8192;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = 4096;
      PRAGMA journal_size_limit = 33554432;
      PRAGMA cache_size = -16384;
    `);
    migrate(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens a part beside its writer. There may be many of these, and the system caches the file anyway. */
export function openPartForReading(path: string, open: OpenDatabase): Database {
  const database = open(path, { readOnly: true });
  // In this order: the file is looked at for the second, and its writer may just be closing it.
  database.exec("PRAGMA busy_timeout = 10000; PRAGMA cache_size = -2048;");
  return database;
}

/**
 * Looks for damage after an end that was not clean, which takes about a second for a gigabyte: once, unless the part is
 * written again. Throws what it finds.
 */
export function checkPart(database: Database, path: string): void {
  const { is_clean } = database.prepare("SELECT is_clean FROM part").get() as { is_clean: number };
  if (is_clean === 1) return;
  const { quick_check } = database.prepare("PRAGMA quick_check(1)").get() as { quick_check: string };
  if (quick_check !== "ok") throw damagedPart(path, quick_check);
  database.exec("UPDATE part SET is_clean = 1");
}

/** Folds the log into the file, so that the file alone is the part. A reader in the middle of it is not waited for. */
export function closePart(database: Database, hasWritten: boolean): void {
  if (hasWritten) {
    database.exec("UPDATE part SET is_clean = 1; PRAGMA busy_timeout = 0;");
    database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all();
  }
  database.close();
}

/** Says in the store's words what went wrong with a part; what is not SQLite's doing stays as it is. */
export function partError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return error;
  const code = error.errcode & 0xff;
  if (code === sqlite.corrupt || code === sqlite.notADatabase) return damagedPart(path, error.message, error);
  const retryable = code === sqlite.full || code === sqlite.ioError || code === sqlite.busy;
  const advice = retryable ? "Make room on the disk; what was refused may be sent again." : "This should not happen.";
  return new StoreError("FLUORO_STORE_WRITE", `${path} could not be used: ${error.message}. ${advice}`, {
    cause: error,
    retryable,
  });
}

/** Whether a part must be set aside. */
export const isDamage = (error: unknown): boolean =>
  error instanceof StoreError && error.code === "FLUORO_STORE_DAMAGED";

const sqlite = { busy: 5, ioError: 10, corrupt: 11, full: 13, notADatabase: 26 };

function damagedPart(path: string, what: string, cause?: unknown): StoreError {
  const message = `${path} is damaged: ${what}. The rest of the store goes on; see "Damage" in docs/reference/storage.md.`;
  return new StoreError("FLUORO_STORE_DAMAGED", message, { cause, retryable: true });
}
