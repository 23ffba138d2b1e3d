import { StoreError } from "../../errors.ts";
import type { Database } from "./driver.ts";

/** The version of the first migration. Those before it were never released. */
const firstVersion = 2;

/**
 * Numbered migrations: the first makes a part, each other leads on by one version, kept in `user_version`. Never change one
 * that was released. What lies inside the blobs (digest-format.ts, document-blocks.ts, term-run.ts with the terms of
 * filter/terms.ts, graph/encode-minute.ts) counts as schema.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE part (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    is_clean INTEGER NOT NULL,
    traces INTEGER NOT NULL,
    segments INTEGER NOT NULL,
    arrived REAL,
    min_time REAL, max_time REAL,
    min_start REAL, max_start REAL, max_end REAL,
    max_until REAL, longest REAL NOT NULL, early REAL NOT NULL
  ) STRICT;
  INSERT INTO part (one, is_clean, traces, segments, longest, early) VALUES (1, 1, 0, 0, 0, 0);

  -- One row for the newest version of each trace. A changed trace gets a new seq: "what changed since" is a range.
  -- "until" is the last moment at which anything of it counts: a call may end after its segment.
  CREATE TABLE trace (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    time REAL NOT NULL,
    start REAL NOT NULL,
    until REAL NOT NULL,
    digest BLOB NOT NULL,
    documents BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX trace_by_id ON trace (id);
  CREATE INDEX trace_by_time ON trace (time, id);
  CREATE INDEX trace_by_start ON trace (start, id, until);

  CREATE TABLE block (number INTEGER PRIMARY KEY, documents BLOB NOT NULL) STRICT;

  CREATE TABLE text (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
  CREATE TABLE node (number INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT, account TEXT) STRICT;

  -- Figures of all trace versions that runs cover, by epoch minute.
  CREATE TABLE minute (minute INTEGER PRIMARY KEY, cells BLOB NOT NULL) STRICT;

  -- Versions that the figures still count although newer ones have taken their places: gone with the next run.
  CREATE TABLE superseded (
    seq INTEGER PRIMARY KEY,
    digest BLOB NOT NULL
  ) STRICT;

  -- Made when the part takes no new traces any more: tells in memory that an id is not here.
  CREATE TABLE id_filter (one INTEGER PRIMARY KEY CHECK (one = 1), bits BLOB NOT NULL) STRICT;

  -- An index of terms over a run of seqs; its postings are spread over shards, key = run * 64 + shard.
  CREATE TABLE run (
    number INTEGER PRIMARY KEY,
    first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
    min_time REAL, max_time REAL,
    min_start REAL, max_start REAL,
    max_until REAL
  ) STRICT;
  CREATE TABLE shard (key INTEGER PRIMARY KEY, postings BLOB NOT NULL) STRICT;
  `,
  // Digests and minutes may hold links, which those before would misread. What they wrote is read as it is.
  "",
  // Digests may have a weight, and minutes estimates. Those before them are read as they are.
  "",
  // The cells of a minute say how long they are. Minutes of before are read as they are.
  "",
];

const newestVersion = firstVersion + migrations.length - 1;

/** Brings a part to the newest version; refuses one that a newer fluoroscope has written, or one of before the first release. */
export function migrate(database: Database, path: string): void {
  const version = readVersion(database);
  if (version > newestVersion) throw newer(path, version);
  if (version > 0 && version < firstVersion) throw older(path, version);
  const done = version === 0 ? 0 : version - firstVersion + 1;
  migrations.slice(done).forEach((migration, at) => {
    database.exec(`BEGIN IMMEDIATE; ${migration} PRAGMA user_version = ${firstVersion + done + at}; COMMIT`);
  });
}

function readVersion(database: Database): number {
  return (database.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
}

const newer = (path: string, version: number): StoreError =>
  new StoreError(
    "FLUORO_STORE_NEWER",
    `${path} was written by a newer fluoroscope (format ${version}, this one knows ${newestVersion}). ` +
      "Use that version again, or give another --data-dir.",
    { retryable: false },
  );

const older = (path: string, version: number): StoreError =>
  new StoreError(
    "FLUORO_STORE_OLDER",
    `${path} was written by a fluoroscope of before its first release (format ${version}, this one knows ` +
      `${firstVersion} to ${newestVersion}). Move it away, or give another --data-dir.`,
    { retryable: false },
  );
