import { expect, it } from "vitest";
import { firstStatements, migrations, ownTable, tableIn, ttlOf } from "./schema.ts";

const statements = (options: Parameters<typeof firstStatements>[0]): string[] => [
  ...firstStatements(options),
  ...migrations.flatMap((migration) => migration(options)),
];

it("makes one table of each kind on a single server", () => {
  const made = statements({ database: "traces" });
  expect(made.map((statement) => statement.split("\n")[0])).toEqual([
    "CREATE DATABASE IF NOT EXISTS traces",
    "CREATE TABLE IF NOT EXISTS traces.schema_version (version UInt32, at DateTime DEFAULT now()) ENGINE = ReplacingMergeTree() ORDER BY version",
    "CREATE TABLE IF NOT EXISTS traces.documents",
    "CREATE TABLE IF NOT EXISTS traces.traces",
    "CREATE TABLE IF NOT EXISTS traces.touched",
    "CREATE TABLE IF NOT EXISTS traces.minutes",
  ]);
  expect(made[2]).toMatchInlineSnapshot(`
    "CREATE TABLE IF NOT EXISTS traces.documents
    (
      trace FixedString(16),
      arrived DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
      append UInt64,
      position UInt32,
      weight UInt32,
      text String CODEC(ZSTD(1)),
      INDEX by_arrival arrived TYPE minmax GRANULARITY 4
    )
    ENGINE = ReplacingMergeTree()
    PARTITION BY toDate(arrived)
    ORDER BY (trace, arrived, append, position)
    SETTINGS ttl_only_drop_parts = 1, index_granularity = 256"
  `);
});

it("makes a replicated table and one over all shards on a cluster, everywhere at once", () => {
  const made = statements({ database: "traces", cluster: "main", retentionSeconds: 3600 });
  expect(made.every((statement) => statement.split("\n")[0]!.includes(" ON CLUSTER main"))).toBe(true);
  expect(made[4]).toMatchInlineSnapshot(`
    "CREATE TABLE IF NOT EXISTS traces.traces_local ON CLUSTER main
    (
      hour UInt32,
      trace FixedString(16),
      version UInt64,
      is_gone UInt8,
      documents UInt32,
      arrived DateTime64(6, 'UTC'),
      written DateTime64(3, 'UTC') DEFAULT now64(3),
      writer UInt64,
      id_seconds Float64,
      start Float64,
      end Float64,
      from Float64,
      until Float64,
      segments UInt32,
      terms Array(UInt32) CODEC(ZSTD(1)),
      figures String CODEC(ZSTD(1)),
      details String CODEC(ZSTD(1)),
      INDEX by_term terms TYPE bloom_filter(0.01) GRANULARITY 1,
      INDEX by_writing written TYPE minmax GRANULARITY 1
    )
    ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/fluoroscope/traces/traces/{shard}', '{replica}', version, is_gone)
    PARTITION BY toDate(arrived)
    ORDER BY (hour, trace)
    TTL toDateTime(arrived) + toIntervalSecond(90000)
    SETTINGS ttl_only_drop_parts = 1, index_granularity = 1024"
  `);
  expect(made[5]).toMatchInlineSnapshot(`
    "CREATE TABLE IF NOT EXISTS traces.traces ON CLUSTER main AS traces.traces_local
    ENGINE = Distributed(main, traces, traces_local, cityHash64(trace))"
  `);
});

it("keeps rows a day longer than retention asks, and for ever where nothing is said", () => {
  expect(ttlOf({ database: "traces" }, "documents")).toBeUndefined();
  expect(ttlOf({ database: "traces", retentionSeconds: 0.5 }, "touched")).toBe(
    "toDateTime(at) + toIntervalSecond(86401)",
  );
});

it("changes the tables of a server itself, and asks all of them", () => {
  const cluster = { database: "traces", cluster: "main" };
  expect([ownTable(cluster, "minutes"), tableIn(cluster, "minutes")]).toEqual([
    "traces.minutes_local",
    "traces.minutes",
  ]);
});
