import { StoreError } from "../../errors.ts";
import type { ClickHouse } from "./connect.ts";
import { firstStatements, migrations, onCluster, ownTable, type SchemaOptions, tableNames, ttlOf } from "./schema.ts";

/** Brings the database to the newest version and the retention that is wanted; refuses one of a newer fluoroscope. */
export async function migrate(clickhouse: ClickHouse, options: SchemaOptions): Promise<void> {
  for (const statement of firstStatements(options)) await clickhouse.run(statement);
  const done = await readVersion(clickhouse, options);
  if (done > migrations.length) throw newer(options.database, done);
  for (const [index, statements] of migrations.slice(done).entries()) {
    for (const statement of statements(options)) await clickhouse.run(statement);
    await clickhouse.run(`INSERT INTO ${options.database}.schema_version (version) VALUES (${done + index + 1})`);
  }
  await keepFor(clickhouse, options);
}

async function readVersion(clickhouse: ClickHouse, { database }: SchemaOptions): Promise<number> {
  const [row] = await clickhouse.rows<{ version: number }>(
    `SELECT max(version) AS version FROM ${database}.schema_version`,
  );
  return row?.version ?? 0;
}

/** Retention may be another than when the tables were made. */
async function keepFor(clickhouse: ClickHouse, options: SchemaOptions): Promise<void> {
  const made = await clickhouse.rows<{ name: string; statement: string }>(
    "SELECT concat(database, '.', name) AS name, create_table_query AS statement FROM system.tables WHERE database = {database:String}",
    { database: options.database },
  );
  for (const table of tableNames) {
    const name = ownTable(options, table);
    const statement = made.find((each) => each.name === name)?.statement ?? "";
    const ttl = ttlOf(options, table);
    const alter = `ALTER TABLE ${name}${onCluster(options)}`;
    if (ttl === undefined && /\bTTL\b/.test(statement)) await clickhouse.run(`${alter} REMOVE TTL`);
    if (ttl !== undefined && !statement.includes(`TTL ${ttl}`)) {
      await clickhouse.run(`${alter} MODIFY TTL ${ttl} SETTINGS materialize_ttl_after_modify = 0`);
    }
  }
}

const newer = (database: string, version: number): StoreError =>
  new StoreError(
    "FLUORO_STORE_NEWER",
    `The database ${database} was made by a newer fluoroscope (format ${version}, this one knows ${migrations.length}). ` +
      "Use that version again, or name another database in --store.",
    { retryable: false },
  );
