import { StoreError } from "../../errors.ts";

/** The part of `node:sqlite` that the store uses; `@photostructure/sqlite` has the same. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** A prepared statement; a row is an object with a member per column. */
export interface Statement {
  run(...parameters: Value[]): unknown;
  get(...parameters: Value[]): unknown;
  all(...parameters: Value[]): unknown[];
  iterate(...parameters: Value[]): Iterable<unknown>;
}

/** What a column holds. */
type Value = number | string | Uint8Array | null;

/** Opens one database file; made by `loadDriver`. */
export type OpenDatabase = (path: string, options?: { readOnly?: boolean }) => Database;

interface Driver {
  readonly DatabaseSync: new (path: string, options: { readOnly?: boolean }) => Database;
}

/** Loads the engine: Node's own where it has one (22.13 and later), else the optional package with the same interface. */
export async function loadDriver(): Promise<OpenDatabase> {
  const { DatabaseSync } = builtIn() ?? (await installed());
  return (path, options = {}) => new DatabaseSync(path, options);
}

const builtIn = (): Driver | undefined => process.getBuiltinModule("node:sqlite") as Driver | undefined;

async function installed(): Promise<Driver> {
  try {
    return await import("@photostructure/sqlite");
  } catch (cause) {
    throw new StoreError(
      "FLUORO_STORE_DRIVER_MISSING",
      `SQLite is not to be had on Node ${process.versions.node}, ${process.platform} ${process.arch}. ` +
        "Use Node 22.13 or later, or run: npm install @photostructure/sqlite@1.2.1",
      { cause, retryable: false },
    );
  }
}
