import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { FluoroscopeError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { DocumentStore } from "../settings/document-store.ts";
import type { ClickHouse } from "../store/clickhouse/connect.ts";
import { insertOnce } from "./insert-once.ts";
import { tableName } from "./tables.ts";

/** Raised when a reader of an older version would misunderstand the text. */
const format = 1;
/** What others changed is seen so much later at most, if the database answers. */
const freshMs = 1_000;
/** So often others may come first before a change is given up. */
const mostAttempts = 20;
/** A replica may show a row later than another took it. */
const visibleWithinMs = 5_000;

export interface SharedDocumentOptions {
  readonly log: Log;
  /** Milliseconds. */
  readonly now?: () => number;
}

interface Row {
  readonly version: string;
  readonly writer: string;
  readonly format: number;
  readonly document: string;
}

interface Known<D> {
  readonly version: number;
  readonly document: D;
}

/**
 * A document in ClickHouse that many processes read and change. Each change is a row of its own with the next version, and
 * carries that version as the token by which ClickHouse refuses to insert twice: of two who change the same version, one
 * is taken, and the other finds that, and makes its change anew of the newer document. While the database is away the
 * document is read as it was last known.
 */
export function sharedDocument<D extends object>(
  clickhouse: ClickHouse,
  name: string,
  initial: D,
  { log, now = Date.now }: SharedDocumentOptions,
): DocumentStore<D> {
  // Equal versions are there only where ClickHouse has forgotten the token; by rank the first one stands.
  const select = (condition: string): string =>
    `SELECT version, writer, format, document FROM ${tableName(clickhouse, "shared_document")} ` +
    `WHERE name = {name:String} AND ${condition} ORDER BY rank DESC LIMIT 1`;
  const newerThan = select("version > {version:UInt64}");
  const ofVersion = select("version = {version:UInt64}");
  let known: Known<D> | undefined;
  let knownAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<Known<D>> | undefined;
  let isAway = false;
  let last: Promise<unknown> = Promise.resolve();

  const learn = (newer: Known<D>): Known<D> => {
    // A question that was asked before a change may be answered after it.
    if (known === undefined || newer.version >= known.version) known = newer;
    knownAtMs = now();
    isAway = false;
    return known;
  };

  const ask = async (): Promise<Known<D>> => {
    const version = known?.version ?? 0;
    const [row] = await clickhouse.rows<Row>(newerThan, { name, version });
    return learn(row === undefined ? (known ?? { version: 0, document: initial }) : readRow(row, name, initial));
  };

  const newest = async (): Promise<Known<D>> => {
    if (known !== undefined && now() - knownAtMs < freshMs) return known;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    // Nobody else waits for a server that is silent; when it is back, the next one hears of it.
    if (isAway && known !== undefined) {
      asking.catch(() => undefined);
      return known;
    }
    try {
      return await asking;
    } catch (error) {
      if (known === undefined) throw error;
      if (!isAway) log.warn({ name, error: textOf(error) }, "settings are used as they were last known");
      isAway = true;
      return known;
    }
  };

  const change = async <T>(make: (document: D) => { readonly document: D; readonly result: T }): Promise<T> => {
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      const before = await ask().catch((error: unknown) => {
        throw unwritten(`${name} cannot be read from ClickHouse (${textOf(error)})`, error);
      });
      const { document, result } = make(before.document);
      if (document === before.document) return result;
      const version = before.version + 1;
      if (await insert({ version, document })) {
        learn({ version, document });
        return result;
      }
      // Whoever was first may come again at once.
      await sleep(Math.random() * 20 * attempt);
    }
    throw unwritten(`${name} is being changed by others all the time`);
  };

  /** True when this was the one change of its version that was taken. */
  const insert = async ({ version, document }: Known<D>): Promise<boolean> => {
    const writer = randomUUID();
    const row = { name, version, writer, format, document: JSON.stringify(document) };
    let failure: unknown;
    try {
      await insertOnce(clickhouse, "shared_document", [row], `${name}:${version}`);
    } catch (error) {
      // It may have been taken all the same.
      failure = error;
    }
    let hasLooked = false;
    for (let waitedMs = 0, pauseMs = 20; ; pauseMs *= 2) {
      try {
        const [found] = await clickhouse.rows<Row>(ofVersion, { name, version });
        if (found !== undefined) return found.writer === writer;
        hasLooked = true;
      } catch (error) {
        failure ??= error;
      }
      waitedMs += pauseMs;
      if (waitedMs > visibleWithinMs) break;
      await sleep(pauseMs);
    }
    const reason = textOf(failure ?? "the row does not appear");
    if (hasLooked) throw unwritten(`${name} cannot be written to ClickHouse (${reason})`, failure);
    throw unwritten(`Whether ${name} was written to ClickHouse is not known (${reason})`, failure);
  };

  return {
    read: async () => (await newest()).document,
    change(make) {
      const changing = last.then(() => change(make));
      // The next change does not depend on how this one ended; its caller hears of that.
      last = changing.catch(() => undefined);
      return changing;
    },
  };
}

function readRow<D extends object>(row: Row, name: string, initial: D): Known<D> {
  if (row.format > format) throw damaged(name, `a newer fluoroscope wrote it (format ${row.format})`);
  let members: unknown;
  try {
    members = JSON.parse(row.document);
  } catch (error) {
    throw damaged(name, `it is not JSON: ${textOf(error)}`, error);
  }
  // What an older version does not know yet has its first value.
  return { version: Number(row.version), document: { ...initial, ...(members as D) } };
}

function damaged(name: string, reason: string, cause?: unknown): FluoroscopeError {
  const message = `${name} in ClickHouse's table shared_document cannot be read: ${reason}. Upgrade this fluoroscope, or mend the newest row.`;
  return new FluoroscopeError("FLUORO_SETTINGS_DAMAGED", message, { cause });
}

function unwritten(what: string, cause?: unknown): FluoroscopeError {
  const message = `${what}. Try again; if it goes on, look at ClickHouse's log.`;
  return new FluoroscopeError("FLUORO_SETTINGS_WRITE", message, { cause });
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
