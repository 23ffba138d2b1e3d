import type { ClickHouseAddress } from "./address.ts";

/** Which tables are meant, and how long they keep what they hold. */
export interface SchemaOptions extends Pick<ClickHouseAddress, "database" | "cluster"> {
  readonly retentionSeconds?: number | undefined;
}

export type TableName = "documents" | "traces" | "touched" | "minutes";

interface Table {
  readonly columns: readonly string[];
  /** Versions of a row: the highest stays. */
  readonly version?: string;
  readonly partition?: string;
  readonly order: string;
  /** What retention counts from. */
  readonly age: string;
  /** What decides on which shard a row is. */
  readonly shard: string;
  readonly settings?: string;
}

/**
 * What the tables are:
 *
 * - `documents`, the truth: what arrived, each document at its moment. A row that is written twice is there once.
 * - `traces`, derived from it: a row for the newest version of each trace, under the hour of its start.
 * - `touched`: when a minute's figures were last about to change.
 * - `minutes`: figures of minutes that had been quiet for long; they hold as long as the minute is not touched again.
 */
const tables: Readonly<Record<TableName, Table>> = {
  documents: {
    columns: [
      "trace FixedString(16)",
      "arrived DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1))",
      "append UInt64",
      "position UInt32",
      "weight UInt32",
      "text String CODEC(ZSTD(1))",
      "INDEX by_arrival arrived TYPE minmax GRANULARITY 4",
    ],
    partition: "toDate(arrived)",
    order: "(trace, arrived, append, position)",
    age: "arrived",
    shard: "cityHash64(trace)",
    // A trace is read by its id: whole granules of 8,192 documents would be megabytes for one.
    settings: "index_granularity = 256",
  },
  traces: {
    columns: [
      "hour UInt32",
      "trace FixedString(16)",
      "version UInt64",
      "is_gone UInt8",
      "documents UInt32",
      "arrived DateTime64(6, 'UTC')",
      "written DateTime64(3, 'UTC') DEFAULT now64(3)",
      "writer UInt64",
      "id_seconds Float64",
      "start Float64",
      "end Float64",
      "from Float64",
      "until Float64",
      "segments UInt32",
      "terms Array(UInt32) CODEC(ZSTD(1))",
      // A digest is both, one behind the other; a graph is folded from the first alone.
      "figures String CODEC(ZSTD(1))",
      "details String CODEC(ZSTD(1))",
      "INDEX by_term terms TYPE bloom_filter(0.01) GRANULARITY 1",
      "INDEX by_writing written TYPE minmax GRANULARITY 1",
    ],
    version: "version, is_gone",
    partition: "toDate(arrived)",
    order: "(hour, trace)",
    age: "arrived",
    shard: "cityHash64(trace)",
    settings: "index_granularity = 1024",
  },
  touched: {
    columns: ["minute Int64", "at DateTime64(3, 'UTC') DEFAULT now64(3)"],
    version: "at",
    order: "minute",
    age: "at",
    shard: "minute",
  },
  minutes: {
    columns: ["minute Int64", "as_of DateTime64(3, 'UTC')", "cells String CODEC(ZSTD(1))"],
    version: "as_of",
    order: "minute",
    age: "as_of",
    shard: "minute",
    settings: "index_granularity = 64",
  },
};

export const tableNames: readonly TableName[] = Object.keys(tables) as TableName[];

/** As questions name a table: on a cluster, all shards of it. */
export const tableIn = ({ database }: SchemaOptions, table: TableName): string => `${database}.${table}`;

/** As the statements name it that a server carries out on its own share. */
export const ownTable = ({ database, cluster }: SchemaOptions, table: TableName): string =>
  cluster === undefined ? `${database}.${table}` : `${database}.${table}_local`;

/** For statements that every server of the cluster has to carry out. */
export const onCluster = ({ cluster }: SchemaOptions): string =>
  cluster === undefined ? "" : ` ON CLUSTER ${cluster}`;

/** Makes the database, and the table that says which version it is of. */
export function firstStatements(options: SchemaOptions): string[] {
  const { database } = options;
  // No shard in the path: every server has all of it, whatever its shard.
  const engine = engineOf(
    options,
    [],
    `/clickhouse/tables/fluoroscope/${database}/schema_version`,
    "{shard}-{replica}",
  );
  return [
    `CREATE DATABASE IF NOT EXISTS ${database}${onCluster(options)}`,
    `CREATE TABLE IF NOT EXISTS ${database}.schema_version${onCluster(options)} ` +
      `(version UInt32, at DateTime DEFAULT now()) ENGINE = ${engine} ORDER BY version`,
  ];
}

/**
 * Numbered migrations, each from the version before it. Never change one that was released; each statement may be carried
 * out twice, since two nodes may begin at the same moment. What lies in `figures`, `details` and `cells` (embedded/digest-format.ts,
 * graph/encode-minute.ts) and the hashes in `terms` (filter/terms.ts, hash-text.ts) count as schema.
 */
export const migrations: readonly ((options: SchemaOptions) => string[])[] = [
  (options) => tableNames.flatMap((name) => createTable(options, name)),
];

/** Fifty years. A `DateTime` ends in 2106: a time later than that would be one long past, and the row gone at once. */
const mostSeconds = 50 * 365 * 86_400;

/** How long the server itself keeps rows. A day longer than the nodes do, who drop whole days and then count anew. */
export function ttlOf({ retentionSeconds }: SchemaOptions, table: TableName): string | undefined {
  if (retentionSeconds === undefined || retentionSeconds > mostSeconds) return undefined;
  return `toDateTime(${tables[table].age}) + toIntervalSecond(${Math.ceil(retentionSeconds) + 86_400})`;
}

function createTable(options: SchemaOptions, name: TableName): string[] {
  const { columns, version = "", partition, order, shard, settings } = tables[name];
  const { database, cluster } = options;
  const path = `/clickhouse/tables/fluoroscope/${database}/${name}/{shard}`;
  const ttl = ttlOf(options, name);
  const own = [
    `CREATE TABLE IF NOT EXISTS ${ownTable(options, name)}${onCluster(options)}\n(\n  ${columns.join(",\n  ")}\n)`,
    `ENGINE = ${engineOf(options, version === "" ? [] : [version], path)}`,
    ...(partition === undefined ? [] : [`PARTITION BY ${partition}`]),
    `ORDER BY ${order}`,
    ...(ttl === undefined ? [] : [`TTL ${ttl}`]),
    `SETTINGS ${["ttl_only_drop_parts = 1", ...(settings === undefined ? [] : [settings])].join(", ")}`,
  ].join("\n");
  if (cluster === undefined) return [own];
  const all =
    `CREATE TABLE IF NOT EXISTS ${tableIn(options, name)}${onCluster(options)} AS ${ownTable(options, name)}\n` +
    `ENGINE = Distributed(${cluster}, ${database}, ${name}_local, ${shard})`;
  return [own, all];
}

function engineOf(
  { cluster }: SchemaOptions,
  parameters: readonly string[],
  path: string,
  replica: string = "{replica}",
): string {
  if (cluster === undefined) return `ReplacingMergeTree(${parameters.join(", ")})`;
  return `ReplicatedReplacingMergeTree(${[`'${path}'`, `'${replica}'`, ...parameters].join(", ")})`;
}
