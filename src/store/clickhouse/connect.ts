import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import { StoreError } from "../../errors.ts";
import type { ClickHouseAddress } from "./address.ts";
import { toStoreError } from "./clickhouse-error.ts";

/** What is bound to the `{name:Type}` of a statement. */
type Parameters = Readonly<Record<string, unknown>>;

export interface ConnectOptions {
  /** How long one request may take; ClickHouse gives up on it then, too. */
  readonly timeoutMs?: number;
  /** Pauses before a request is made again that met no server, or a server that was closing. */
  readonly retryMs?: readonly number[];
}

/**
 * A connection to a ClickHouse, over HTTP. Nothing is sent before the first question. What fails rejects with a
 * `StoreError` that says whether the same may succeed later. A request that did not reach the server is made again, so
 * whatever is written must be such that it may be written twice.
 */
export interface ClickHouse {
  readonly address: ClickHouseAddress;
  /** Runs a statement that answers nothing. */
  run(statement: string, parameters?: Parameters): Promise<void>;
  /** Rows as objects. Numbers of 64 bits come as numbers: whoever needs all their digits asks for text. */
  rows<Row extends object>(statement: string, parameters?: Parameters): Promise<Row[]>;
  /** Rows in ClickHouse's `RowBinary`: for what is large or binary. */
  bytes(statement: string, parameters?: Parameters): Promise<Buffer>;
  /** `statement` is `INSERT INTO … FORMAT …`. Resolves once the server has the rows. */
  insert(statement: string, rows: Uint8Array): Promise<void>;
  /** May be called twice. Waits for what is under way. */
  close(): Promise<void>;
}

/** Time for a request: a scan over hours takes seconds, a server that is silent for longer is gone. */
const usualTimeoutMs = 60_000;

/** A socket that the server has closed meanwhile is noticed when it is used; a new one is opened at once. */
const usualRetryMs: readonly number[] = [0, 200];

/** A connection to the ClickHouse at that address. */
export function connectClickHouse(address: ClickHouseAddress, options: ConnectOptions = {}): ClickHouse {
  const { timeoutMs = usualTimeoutMs, retryMs = usualRetryMs } = options;
  const underWay = new Set<Promise<unknown>>();
  let client: Promise<ClickHouseClient> | undefined;
  let isClosed = false;

  async function ask<Answer>(question: (client: ClickHouseClient) => Promise<Answer>): Promise<Answer> {
    if (isClosed) throw closed();
    client ??= createClickHouseClient(address, timeoutMs);
    const answer = askAgain(client, question);
    underWay.add(answer);
    try {
      return await answer;
    } finally {
      underWay.delete(answer);
    }
  }

  async function askAgain<Answer>(
    made: Promise<ClickHouseClient>,
    question: (client: ClickHouseClient) => Promise<Answer>,
  ): Promise<Answer> {
    for (const pauseMs of [...retryMs, undefined]) {
      try {
        return await question(await made);
      } catch (cause) {
        const error = toStoreError(cause, address);
        if (pauseMs === undefined || error.code !== "FLUORO_STORE_UNREACHABLE") throw error;
        await setTimeout(pauseMs);
      }
    }
    throw closed();
  }

  return {
    address,
    run: (query, query_params = {}) =>
      ask(async (client) => {
        await client.command({ query, query_params });
      }),
    rows: (query, query_params = {}) =>
      ask(async (client) => (await client.query({ query, query_params, format: "JSONEachRow" })).json()),
    bytes: (query, query_params = {}) =>
      ask(async (client) => {
        const { stream } = await client.exec({ query: `${query} FORMAT RowBinary`, query_params });
        return buffer(stream);
      }),
    insert: (query, rows) =>
      ask(async (client) => {
        const { stream } = await client.exec({ query, values: Readable.from([rows], { objectMode: false }) });
        await buffer(stream);
      }),
    async close() {
      isClosed = true;
      await Promise.allSettled(underWay);
      await (await client)?.close();
      client = undefined;
    },
  };
}

async function createClickHouseClient(address: ClickHouseAddress, timeoutMs: number): Promise<ClickHouseClient> {
  const { createClient, ClickHouseLogLevel } = await import("@clickhouse/client");
  const { url, username, password, isCompressed } = address;
  return createClient({
    ...{ url, username, password, application: "fluoroscope" },
    request_timeout: timeoutMs,
    compression: { request: isCompressed, response: isCompressed },
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      max_execution_time: Math.ceil(timeoutMs / 1000),
      // A statement that fails half way fails as a whole, instead of ending its answer with an error in words.
      wait_end_of_query: 1,
      output_format_json_quote_64bit_integers: 0,
    },
  });
}

const closed = (): StoreError =>
  new StoreError("FLUORO_STORE_CLOSED", "The store is closed. Open it again before asking it.", { retryable: false });
