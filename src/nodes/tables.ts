import type { ClickHouseAddress } from "../store/clickhouse/address.ts";
import type { ClickHouse } from "../store/clickhouse/connect.ts";

/** The tables by which fluoroscopes share what is not a trace. */
export type SharedTable = "shared_document" | "shared_sampling_report" | "shared_audit";

/** With its database, as statements name it. */
export function tableName({ address }: Pick<ClickHouse, "address">, table: SharedTable): string {
  return `${address.database}.${table}`;
}

/** ClickHouse remembers so many tokens of inserts a table; more are not on their way at a time. */
const tokens = 1_000;

interface Definition {
  readonly columns: readonly string[];
  /** Without arguments for replicas. */
  readonly engine: "MergeTree" | "ReplacingMergeTree";
  readonly engineArguments?: readonly string[];
  readonly rest: string;
}

const definitions: Readonly<Record<SharedTable, Definition>> = {
  shared_document: {
    columns: [
      "name String",
      "version UInt64",
      "writer String",
      "format UInt16",
      "document String CODEC(ZSTD(3))",
      "at DateTime DEFAULT now()",
      // The highest version, and of equal ones the first.
      "rank UInt64 MATERIALIZED version * 4294967296 + (4294967295 - toUnixTimestamp(now()))",
      // The last 64 versions stay: whoever wrote one finds it.
      "slot UInt8 MATERIALIZED version % 64",
    ],
    engine: "ReplacingMergeTree",
    engineArguments: ["rank"],
    rest: "ORDER BY (name, slot)",
  },
  shared_sampling_report: {
    columns: [
      "at DateTime DEFAULT now()",
      "rule LowCardinality(String)",
      "client String",
      "requests UInt64",
      "sampled UInt64",
      "borrowed UInt64",
    ],
    engine: "MergeTree",
    rest: "PARTITION BY toStartOfHour(at) ORDER BY (at, rule, client) TTL at + INTERVAL 1 HOUR",
  },
  shared_audit: {
    columns: [
      "at DateTime64(3, 'UTC')",
      "node String",
      "operation LowCardinality(String)",
      "key String",
      "address String",
      "outcome LowCardinality(String)",
      "request String CODEC(ZSTD(3))",
    ],
    engine: "MergeTree",
    rest: "PARTITION BY toYYYYMM(at) ORDER BY at",
  },
};

/**
 * The statements that make the database and the tables where they are not there yet. On a cluster each node has all rows of them, whatever
 * its shard: they are small, and what is decided by them must be decided once.
 */
export function tableStatements({ database, cluster }: Pick<ClickHouseAddress, "database" | "cluster">): string[] {
  const everywhere = cluster === undefined ? "" : ` ON CLUSTER ${cluster}`;
  const tables = Object.entries(definitions).map(([name, { columns, engine, engineArguments = [], rest }]) => {
    const place = `'/clickhouse/tables/fluoroscope/${database}/${name}'`;
    const [kind, settings] =
      cluster === undefined
        ? [`${engine}(${engineArguments.join(", ")})`, `non_replicated_deduplication_window = ${tokens}`]
        : [
            `Replicated${engine}(${[place, "'{shard}-{replica}'", ...engineArguments].join(", ")})`,
            `replicated_deduplication_window = ${tokens}`,
          ];
    return [
      `CREATE TABLE IF NOT EXISTS ${database}.${name}${everywhere} (${columns.join(", ")})`,
      `ENGINE = ${kind} ${rest} SETTINGS ${settings}`,
    ].join(" ");
  });
  return [`CREATE DATABASE IF NOT EXISTS ${database}${everywhere}`, ...tables];
}
