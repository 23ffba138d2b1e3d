import type * as PG from "pg";
import type { SegmentLike } from "./context.ts";

type Parent = SegmentLike | undefined;
type Answered<R> = (error: Error, result: R) => void;

/** `query` with the segment as one more argument, for manual mode. */
export interface CaptureQueryMethod {
  <T extends PG.Submittable>(queryStream: T, segment: Parent): T;
  <R extends unknown[], I extends unknown[]>(
    queryConfig: PG.QueryArrayConfig<I>,
    values: I | undefined,
    segment: Parent,
  ): Promise<PG.QueryArrayResult<R>>;
  <R extends PG.QueryResultRow, I extends unknown[]>(
    queryConfig: PG.QueryConfig<I>,
    segment: Parent,
  ): Promise<PG.QueryResult<R>>;
  <R extends PG.QueryResultRow, I extends unknown[]>(
    queryTextOrConfig: string | PG.QueryConfig<I>,
    values: I | undefined,
    segment: Parent,
  ): Promise<PG.QueryResult<R>>;
  <R extends unknown[], I extends unknown[]>(
    queryConfig: PG.QueryArrayConfig<I>,
    callback: Answered<PG.QueryArrayResult<R>>,
    segment: Parent,
  ): void;
  <R extends PG.QueryResultRow, I extends unknown[]>(
    queryTextOrConfig: string | PG.QueryConfig<I>,
    callback: Answered<PG.QueryResult<R>>,
    segment: Parent,
  ): void;
  <R extends PG.QueryResultRow, I extends unknown[]>(
    queryText: string,
    values: I,
    callback: Answered<PG.QueryResult<R>>,
    segment: Parent,
  ): void;
}

type PatchedClientBase<T extends PG.ClientBase> = {
  [K in keyof T]: K extends "query" ? T[K] & CaptureQueryMethod : T[K];
};
export type PatchedClient = PatchedClientBase<PG.Client>;
export type PatchedPoolClient = PatchedClientBase<PG.PoolClient>;

interface PatchedConnect {
  (): Promise<PatchedPoolClient>;
  (callback: (err: Error, client: PatchedPoolClient, done: (release?: unknown) => void) => void): void;
}

interface PatchedPoolOn {
  (event: "error", listener: (err: Error, client: PatchedPoolClient) => void): PatchedPool;
  (event: "connect" | "acquire" | "remove", listener: (client: PatchedPoolClient) => void): PatchedPool;
}

export type PatchedPool<T = PG.Pool> = {
  [K in keyof T]: K extends "connect" ? PatchedConnect : K extends "on" ? PatchedPoolOn : T[K];
};

type PatchedEventsOn = (event: "error", listener: (err: Error, client: PatchedClient) => void) => PatchedEvents;

export type PatchedEvents<T = PG.Events> = { [K in keyof T]: K extends "on" ? PatchedEventsOn : T[K] };

/** `pg`, whose clients take a segment with each query. */
export type PatchedPostgres<T = typeof PG> = {
  [K in keyof T]: K extends "Client"
    ? new (
        config?: string | PG.ClientConfig,
      ) => PatchedClient
    : K extends "Pool"
      ? new (
          config?: PG.PoolConfig,
        ) => PatchedPool
      : K extends "Events"
        ? new () => PatchedEvents
        : T[K];
};
