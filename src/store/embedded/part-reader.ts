import { Dictionary } from "./dictionary.ts";
import type { Database, OpenDatabase, Statement } from "./driver.ts";
import { openPartForReading } from "./open-part.ts";

/** What the index of terms covers, in the order of its making. */
export interface Run {
  readonly number: number;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly min_time: number | null;
  readonly max_time: number | null;
  readonly min_start: number | null;
  readonly max_start: number | null;
  readonly max_until: number | null;
}

/** One part as it was at one moment: what is written meanwhile is not seen. */
export interface Snapshot {
  readonly dictionary: Dictionary;
  readonly runs: readonly Run[];
  /** The statement for this text, prepared once. */
  prepare(sql: string): Statement;
}

/**
 * The reading side of one part. A question that takes turns with others holds its own connection and so its own moment;
 * dictionary and runs only ever grow, and are shared.
 */
export class PartReader {
  readonly #path: string;
  readonly #open: OpenDatabase;
  readonly #dictionary = new Dictionary();
  readonly #runs: Run[] = [];
  readonly #idle: Connection[] = [];

  constructor(path: string, open: OpenDatabase) {
    this.#path = path;
    this.#open = open;
  }

  /** Takes a snapshot; `release` must follow. */
  take(): { readonly snapshot: Snapshot; release(): void } {
    const connection = this.#idle.pop() ?? new Connection(openPartForReading(this.#path, this.#open));
    connection.begin();
    this.#dictionary.load(connection);
    const { last } = connection.prepare("SELECT max(number) AS last FROM run").get() as { last: number | null };
    const fresh = connection.prepare("SELECT * FROM run WHERE number > ? AND number <= ? ORDER BY number");
    this.#runs.push(...(fresh.all(this.#runs.length, last ?? 0) as Run[]));
    const runs = this.#runs.slice(0, last ?? 0);
    return {
      snapshot: { dictionary: this.#dictionary, runs, prepare: (sql) => connection.prepare(sql) },
      release: () => {
        connection.end();
        this.#idle.push(connection);
      },
    };
  }

  close(): void {
    for (const { database } of this.#idle.splice(0)) database.close();
  }
}

class Connection {
  readonly database: Database;
  readonly #statements = new Map<string, Statement>();

  constructor(database: Database) {
    this.database = database;
  }

  prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  begin(): void {
    this.database.exec("BEGIN");
  }

  end(): void {
    this.database.exec("ROLLBACK");
  }
}
