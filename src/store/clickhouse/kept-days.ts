import type { ClickHouse } from "./connect.ts";
import { onCluster, ownTable, type SchemaOptions, tableIn } from "./schema.ts";

export interface KeepOptions {
  readonly retentionSeconds?: number | undefined;
  readonly maxBytes?: number | undefined;
}

const daySeconds = 86_400;

/**
 * Drops the days of arrival that are older than retention, and the oldest while there is too much. That costs nothing: a
 * day is a partition. The minutes in which its traces counted are touched first, so that nobody trusts their sums.
 */
export async function dropDays(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  nowSeconds: number,
  { retentionSeconds = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY }: KeepOptions,
): Promise<void> {
  const days = await readDays(clickhouse, schema);
  let bytes = days.reduce((sum, day) => sum + day.bytes, 0);
  for (const day of days) {
    const endSeconds = Date.parse(`${day.name}T00:00:00Z`) / 1000 + daySeconds;
    if (endSeconds >= nowSeconds - retentionSeconds && bytes <= maxBytes) return;
    bytes -= day.bytes;
    await touchDay(clickhouse, schema, day.name);
    for (const table of ["traces", "documents"] as const) {
      await clickhouse.run(`ALTER TABLE ${ownTable(schema, table)}${onCluster(schema)} DROP PARTITION '${day.name}'`);
    }
  }
}

interface Day {
  /** As in `2026-11-24`. */
  readonly name: string;
  readonly bytes: number;
}

/** Oldest first. */
function readDays(clickhouse: ClickHouse, schema: SchemaOptions): Promise<Day[]> {
  return clickhouse.rows<Day>(
    `SELECT partition AS name, sum(bytes_on_disk) AS bytes FROM ${partsOf(schema)} WHERE active AND ` +
      "database = {database:String} AND table IN {tables:Array(String)} GROUP BY partition ORDER BY partition",
    { database: schema.database, tables: (["documents", "traces"] as const).map((table) => ownName(schema, table)) },
  );
}

/** Bytes on disk of everything, on a cluster those of one replica of each shard. */
export async function readBytes(clickhouse: ClickHouse, schema: SchemaOptions): Promise<number> {
  const [row] = await clickhouse.rows<{ bytes: number }>(
    `SELECT sum(bytes_on_disk) AS bytes FROM ${partsOf(schema)} WHERE active AND database = {database:String}`,
    { database: schema.database },
  );
  return row?.bytes ?? 0;
}

/** Where each server tells of its parts. */
const partsOf = ({ cluster }: SchemaOptions): string =>
  cluster === undefined ? "system.parts" : `cluster(${cluster}, system.parts)`;

const ownName = (schema: SchemaOptions, table: "documents" | "traces"): string =>
  ownTable(schema, table).slice(schema.database.length + 1);

async function touchDay(clickhouse: ClickHouse, schema: SchemaOptions, day: string): Promise<void> {
  const touched = tableIn(schema, "touched");
  const [span] = await clickhouse.rows<{ rows: number; first: number; last: number }>(
    "SELECT count() AS rows, toInt64(floor(min(from) / 60)) AS first, toInt64(floor(max(until) / 60)) AS last " +
      `FROM ${tableIn(schema, "traces")} WHERE toDate(arrived) = {day:Date} AND NOT is_gone`,
    { day },
  );
  if (span === undefined || span.rows === 0) return;
  await clickhouse.run(
    `INSERT INTO ${touched} (minute) SELECT DISTINCT minute FROM ${touched} ` +
      `WHERE minute BETWEEN ${span.first} AND ${span.last}`,
  );
}
