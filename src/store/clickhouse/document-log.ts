import { keyLength, traceIdOf, traceKey } from "../embedded/trace-key.ts";
import { textOf } from "../read-documents.ts";
import { segmentsOf } from "../segments-of.ts";
import type { ClickHouse } from "./connect.ts";
import { insertSettings } from "./insert-settings.ts";
import type { LoggedDocument } from "./replay-log.ts";
import { RowReader, RowWriter } from "./row-binary.ts";
import { type SchemaOptions, tableIn } from "./schema.ts";
import { idSet, inStatements } from "./trace-ids.ts";

const columns = "trace, arrived, append, position, weight, text";

/** What a row of the log is made of. */
export interface LogRow extends Omit<LoggedDocument, "text" | "segments"> {
  readonly traceId: string;
  readonly bytes: Uint8Array;
}

/** Writes documents down. When it resolves they are durable; written twice, they are there once. */
export async function writeLog(clickhouse: ClickHouse, schema: SchemaOptions, rows: readonly LogRow[]): Promise<void> {
  const writer = new RowWriter();
  for (const { traceId, arrived, append, position, weight = unsaid, bytes } of rows) {
    writer.fixed(traceKey(traceId)).int64(arrived).uint64(append).uint32(position).uint32(weight).bytes(bytes);
  }
  const table = tableIn(schema, "documents");
  await clickhouse.insert(
    `INSERT INTO ${table} (${columns})${insertSettings(rows.length)} FORMAT RowBinary`,
    writer.take(),
  );
}

/** The log of each trace that has one; without what came with one append, where that is known already. */
export async function readLog(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  traceIds: readonly string[],
  without?: bigint,
): Promise<Map<string, LoggedDocument[]>> {
  const logs = new Map<string, LoggedDocument[]>();
  const others = without === undefined ? "" : ` AND append != ${without}`;
  for (const ids of inStatements(traceIds)) {
    const rows = new RowReader(
      await clickhouse.bytes(
        `SELECT ${columns} FROM ${tableIn(schema, "documents")} WHERE trace IN ${idSet(ids)}${others}`,
      ),
    );
    while (!rows.isDone) {
      const [traceId, document] = readRow(rows);
      const log = logs.get(traceId);
      if (log === undefined) logs.set(traceId, [document]);
      else log.push(document);
    }
  }
  return logs;
}

/** Of a document that came without a weight. */
const unsaid = 0;

function readRow(rows: RowReader): [traceId: string, document: LoggedDocument] {
  const traceId = traceIdOf(rows.fixed(keyLength));
  const [arrived, append, position, weight] = [rows.int64(), rows.uint64(), rows.uint32(), rows.uint32()];
  const text = textOf(rows.bytes());
  const segments = segmentsOf(text, traceId);
  return [traceId, { arrived, append, position, text, segments, ...(weight !== unsaid && { weight }) }];
}
