import type { ClickHouse } from "./connect.ts";
import { insertSettings } from "./insert-settings.ts";
import { RowReader, RowWriter } from "./row-binary.ts";
import { type SchemaOptions, tableIn } from "./schema.ts";

/**
 * Says, before it happens, that the figures of these minutes are about to change. From then on nobody trusts what was added
 * up of them earlier; and nobody keeps a new sum until the minute has been quiet for longer than a change can take.
 */
export async function touchMinutes(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  minutes: ReadonlySet<number>,
): Promise<void> {
  if (minutes.size === 0) return;
  const rows = new RowWriter();
  for (const minute of minutes) rows.int64(BigInt(minute));
  const statement = `INSERT INTO ${tableIn(schema, "touched")} (minute)${insertSettings(minutes.size)} FORMAT RowBinary`;
  await clickhouse.insert(statement, rows.take());
}

/** When minutes were last touched, and what the server's clock says; all in its milliseconds. */
export interface Touched {
  readonly nowMs: number;
  readonly minutes: ReadonlyMap<number, number>;
}

/** The minutes in [first, end) in which anything counts. */
export async function readTouched(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  { first, end }: { readonly first: number; readonly end: number },
): Promise<Touched> {
  const [clock] = await clickhouse.rows<{ now: number }>("SELECT toUnixTimestamp64Milli(now64(3)) AS now");
  const rows = new RowReader(
    await clickhouse.bytes(
      `SELECT minute, toUnixTimestamp64Milli(max(at)) FROM ${tableIn(schema, "touched")} ` +
        `WHERE minute >= ${first} AND minute < ${end} GROUP BY minute`,
    ),
  );
  const minutes = new Map<number, number>();
  while (!rows.isDone) minutes.set(Number(rows.int64()), Number(rows.int64()));
  return { nowMs: clock?.now ?? 0, minutes };
}
