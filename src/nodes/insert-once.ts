import { randomUUID } from "node:crypto";
import type { ClickHouse } from "../store/clickhouse/connect.ts";
import { type SharedTable, tableName } from "./tables.ts";

/**
 * Inserts rows of one table, unless rows came with the same token before: then nothing happens, and nobody is told. A
 * token of its own makes an insert that may be sent again count once.
 */
export function insertOnce(
  clickhouse: ClickHouse,
  table: SharedTable,
  rows: readonly Readonly<Record<string, unknown>>[],
  token: string = randomUUID(),
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(", ");
  // Asynchronous inserts would be put together with others', and with those the token means nothing.
  const settings = `async_insert = 0, insert_deduplicate = 1, insert_deduplication_token = '${token.replaceAll(/[\\']/g, "_")}'`;
  const statement = `INSERT INTO ${tableName(clickhouse, table)} (${columns}) SETTINGS ${settings} FORMAT JSONEachRow`;
  return clickhouse.insert(statement, Buffer.from(rows.map((row) => JSON.stringify(row)).join("\n")));
}
