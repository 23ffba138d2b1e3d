import type { ClickHouse } from "./connect.ts";
import { type SchemaOptions, tableIn } from "./schema.ts";

/**
 * Traces of which something is in the log that their row does not know of: whoever wrote it down was killed before it was
 * done, or read the log from a server that did not have all of it yet. Looks at what arrived in [from, to), in milliseconds.
 */
export async function findUnsettled(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<string[]> {
  const [documents, traces] = [tableIn(schema, "documents"), tableIn(schema, "traces")];
  const from = `fromUnixTimestamp64Milli(toInt64(${Math.floor(fromMs)}), 'UTC')`;
  const to = `fromUnixTimestamp64Milli(toInt64(${Math.floor(toMs)}), 'UTC')`;
  const rows = await clickhouse.rows<{ key: string }>(
    `SELECT lower(hex(logged.trace)) AS key FROM
      (SELECT trace, uniqExact(arrived, append, position) AS documents FROM ${documents}
        WHERE trace IN (SELECT trace FROM ${documents} WHERE arrived >= ${from} AND arrived < ${to}) GROUP BY trace) AS logged
      LEFT JOIN (SELECT trace, argMax(documents, version) AS documents FROM ${traces}
        WHERE arrived >= ${from} GROUP BY trace) AS known ON logged.trace = known.trace
      WHERE logged.documents > known.documents
      SETTINGS distributed_product_mode = 'local', join_use_nulls = 0`,
  );
  return rows.map(({ key }) => `1-${key.slice(0, 8)}-${key.slice(8)}`);
}
