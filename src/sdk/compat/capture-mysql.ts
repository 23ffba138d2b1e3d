import type * as MySQL from "mysql";
import { resolveSegment } from "./context.ts";
import { beginQuery, endWithCallback, endWithResult, isPromise, segmentIn } from "./database-call.ts";
import { getLogger } from "./logger.ts";
import type * as types from "./mysql-types.ts";
import { SqlData } from "./sql-data.ts";

type AnyFunction = (...args: unknown[]) => unknown;

interface Configuration {
  readonly user?: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
}

/** A connection, a pool or a cluster: each has some of these. */
interface Connection {
  [member: string]: unknown;
  readonly config?: Configuration & { readonly connectionConfig?: Configuration };
  /** What mysql2's promises wrap. */
  readonly pool?: Connection;
  readonly connection?: Connection;
}

const creators = ["createConnection", "createPool", "createPoolCluster"] as const;

/** Captures the queries of `mysql` and `mysql2`. In manual mode each takes a segment as one more, last argument. */
export function captureMySQL(mysql: typeof MySQL): types.PatchedMySQL {
  const patched = mysql as unknown as types.PatchedMySQL;
  const module = mysql as unknown as Record<string, AnyFunction | undefined>;
  if (module.__createConnection !== undefined) return patched;
  for (const name of creators) {
    const original = module[name];
    if (original === undefined) continue;
    module[`__${name}`] = original;
    module[name] = (...args) => {
      const made = original.apply(module, args);
      return isPromise(made) ? made.then(captureInner) : captureIn(made);
    };
  }
  return patched;
}

// X-Ray's SDK has its types under the function's name.
export namespace captureMySQL {
  export type PatchedQueryFunction = types.PatchedQueryFunction;
  export type PatchedConnection = types.PatchedConnection;
  export type PatchedPoolConnection = types.PatchedPoolConnection;
  export type PatchedPool = types.PatchedPool;
  export type PatchedPoolCluster = types.PatchedPoolCluster;
  export type PatchedMySQL = types.PatchedMySQL;
}

/** What mysql2 promises wraps what is to be captured. */
function captureInner(made: unknown): unknown {
  const { connection, pool } = made as { connection?: unknown; pool?: unknown };
  captureIn(connection ?? pool);
  return made;
}

function captureIn<T>(made: T): T {
  const connection = made as Connection;
  if (connection === undefined || connection === null) return made;
  wrap(connection, "query", captureQuery);
  wrap(connection, "execute", captureQuery);
  wrap(connection, "getConnection", captureConnections);
  wrap(
    connection,
    "of",
    (original) =>
      function (this: unknown, ...args) {
        return captureIn(original.apply(this, args));
      },
  );
  return made;
}

function wrap(connection: Connection, name: string, capture: (original: AnyFunction) => AnyFunction): void {
  const original = connection[name];
  if (typeof original !== "function" || connection[`__${name}`] !== undefined) return;
  connection[`__${name}`] = original;
  connection[name] = capture(original as AnyFunction);
}

function captureConnections(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args) {
    const callback = args.at(-1);
    if (typeof callback !== "function") {
      const result = original.apply(this, args);
      return isPromise(result) ? result.then(captureIn) : result;
    }
    const capturing = (error: unknown, connection: unknown): unknown => callback(error, captureIn(connection));
    return original.apply(this, [...args.slice(0, -1), capturing]);
  };
}

function captureQuery(original: AnyFunction): AnyFunction {
  return function (this: Connection, ...args) {
    const given = segmentIn(args);
    const parent = resolveSegment(given);
    const own = given === undefined ? args : args.slice(0, -1);
    if (!parent) {
      getLogger().info("A query of MySQL is not captured: no segment surrounds it, or was given.");
      return original.apply(this, own);
    }
    const { config } = this.config === undefined ? (this.pool ?? this.connection ?? {}) : this;
    const configuration = config?.connectionConfig ?? config ?? {};
    const subsegment = beginQuery(parent, configuration.database, configuration.host);
    subsegment.addSqlData(sqlData(configuration, own));
    const at = own.findIndex((argument) => typeof argument === "function");
    if (at >= 0) {
      const ending = endWithCallback(own[at] as AnyFunction, subsegment);
      return original.apply(this, own.toSpliced(at, 1, ending));
    }
    const result = original.apply(this, own);
    endWithResult(result, subsegment);
    return result;
  };
}

function sqlData({ user, host, port, database }: Configuration, [query, second]: readonly unknown[]): SqlData {
  const { MYSQL_DATABASE_VERSION, MYSQL_DRIVER_VERSION, AWS_XRAY_COLLECT_SQL_QUERIES } = process.env;
  const { sql, values } = (typeof query === "object" && query !== null ? query : { sql: query }) as {
    sql?: unknown;
    values?: unknown;
  };
  const isPrepared = Boolean(values ?? (typeof second === "function" ? undefined : second));
  const url = `mysql://${host}:${port}/${database}`;
  const data = new SqlData(
    MYSQL_DATABASE_VERSION,
    MYSQL_DRIVER_VERSION,
    user,
    url,
    isPrepared ? "statement" : undefined,
  );
  if (AWS_XRAY_COLLECT_SQL_QUERIES && typeof sql === "string") data.sanitized_query = sql;
  return data;
}
