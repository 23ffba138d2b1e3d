import type * as MySQL from "mysql";
import type { SegmentLike } from "./context.ts";

/** `query` with the segment as one more argument, for manual mode. */
export interface PatchedQueryFunction {
  (query: MySQL.Query, segment?: SegmentLike): MySQL.Query;
  (options: string | MySQL.QueryOptions, callback?: MySQL.queryCallback, segment?: SegmentLike): MySQL.Query;
  (options: string, values: unknown, callback?: MySQL.queryCallback, segment?: SegmentLike): MySQL.Query;
}

export type PatchedConnection<T = MySQL.Connection> = {
  [K in keyof T]: K extends "query" ? PatchedQueryFunction : T[K];
};
export type PatchedPoolConnection = PatchedConnection<MySQL.PoolConnection>;
type Connected = (err: MySQL.MysqlError, connection: PatchedPoolConnection) => void;

export type PatchedPool<T = MySQL.Pool> = {
  [K in keyof T]: K extends "query"
    ? PatchedQueryFunction
    : K extends "getConnection"
      ? (callback: Connected) => void
      : T[K];
};

interface PatchedOf {
  (pattern: string, selector?: string): PatchedPool;
  (pattern: undefined | null | false, selector: string): PatchedPool;
}

interface PatchedGetConnection {
  (callback: Connected): void;
  (pattern: string, callback: Connected): void;
  (pattern: string, selector: string, callback: Connected): void;
}

export type PatchedPoolCluster<T = MySQL.PoolCluster> = {
  [K in keyof T]: K extends "of" ? PatchedOf : K extends "getConnection" ? PatchedGetConnection : T[K];
};

/** `mysql`, whose connections take a segment with each query. */
export type PatchedMySQL<T = typeof MySQL> = {
  [K in keyof T]: K extends "createConnection"
    ? (connectionUri: string | MySQL.ConnectionConfig) => PatchedConnection
    : K extends "createPool"
      ? (config: MySQL.PoolConfig | string) => PatchedPool
      : K extends "createPoolCluster"
        ? (config?: MySQL.PoolClusterConfig) => PatchedPoolCluster
        : T[K];
};
