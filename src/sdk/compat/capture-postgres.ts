import type * as PG from "pg";
import { resolveSegment } from "./context.ts";
import { beginQuery, endWithCallback, endWithResult, segmentIn } from "./database-call.ts";
import { getLogger } from "./logger.ts";
import type * as types from "./postgres-types.ts";
import { SqlData } from "./sql-data.ts";
import type { Subsegment } from "./subsegment.ts";

type Callback = (...answer: unknown[]) => unknown;
type Query = (this: Client, ...args: unknown[]) => unknown;

interface Client {
  readonly database: unknown;
  readonly host: unknown;
  readonly connectionParameters: { user?: string; host?: string; port?: number; database?: string };
  query: Query;
  __query?: Query;
}

interface QueryConfig {
  readonly text?: string;
  readonly name?: string;
  readonly callback?: Callback;
  /** A query that has been made already: a cursor, a stream of rows. */
  readonly submit?: unknown;
}

/** Captures the queries of `pg`. In manual mode each takes a segment as one more, last argument. */
export function capturePostgres(pg: typeof PG): types.PatchedPostgres {
  const { prototype } = (pg as unknown as { Client: { prototype: Client } }).Client;
  if (prototype.__query !== undefined) return pg as unknown as types.PatchedPostgres;
  const original = prototype.query;
  prototype.__query = original;
  prototype.query = function (...args) {
    return captureQuery(this, original, args);
  };
  return pg as unknown as types.PatchedPostgres;
}

// X-Ray's SDK has its types under the function's name.
export namespace capturePostgres {
  export type CaptureQueryMethod = types.CaptureQueryMethod;
  export type PatchedClient = types.PatchedClient;
  export type PatchedPoolClient = types.PatchedPoolClient;
  export type PatchedPool = types.PatchedPool;
  export type PatchedEvents = types.PatchedEvents;
  export type PatchedPostgres = types.PatchedPostgres;
}

function captureQuery(client: Client, original: Query, args: unknown[]): unknown {
  const given = segmentIn(args);
  const parent = resolveSegment(given);
  const own = given === undefined ? args : args.slice(0, -1);
  if (!parent) {
    getLogger().info("A query of PostgreSQL is not captured: no segment surrounds it, or was given.");
    return original.apply(client, own);
  }
  const asked: QueryConfig = typeof own[0] === "string" ? { text: own[0] } : ((own[0] ?? {}) as QueryConfig);
  const subsegment = beginQuery(parent, client.database, client.host);
  subsegment.addSqlData(sqlData(client.connectionParameters, asked));
  if (typeof asked.submit === "function") return endWithItself(original.apply(client, own), subsegment);
  const at = own.findIndex((argument) => typeof argument === "function");
  const callback = at < 0 ? asked.callback : (own[at] as Callback);
  if (callback === undefined) return endWithItself(original.apply(client, own), subsegment);
  const ending = endWithCallback(callback, subsegment);
  const others = at < 0 ? own : own.toSpliced(at, 1);
  return original.apply(client, withCallback(others, asked, ending));
}

/** pg takes the callback of a configuration before that of an argument. */
function withCallback(own: readonly unknown[], asked: QueryConfig, callback: Callback): unknown[] {
  const [first, ...others] = own;
  return asked.callback === undefined ? [first, ...others, callback] : [{ ...asked, callback }, ...others];
}

function endWithItself(result: unknown, subsegment: Subsegment): unknown {
  endWithResult(result, subsegment);
  return result;
}

function sqlData({ user, host, port, database }: Client["connectionParameters"], { name, text }: QueryConfig): SqlData {
  const { POSTGRES_DATABASE_VERSION, POSTGRES_DRIVER_VERSION, AWS_XRAY_COLLECT_SQL_QUERIES } = process.env;
  const url = `postgresql://${host}:${port}/${database}`;
  const data = new SqlData(POSTGRES_DATABASE_VERSION, POSTGRES_DRIVER_VERSION, user, url, name && "statement");
  if (AWS_XRAY_COLLECT_SQL_QUERIES && text !== undefined) data.sanitized_query = text;
  return data;
}
