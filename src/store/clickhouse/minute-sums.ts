import { addCells, Cells, contribute } from "../../graph/cells.ts";
import type { CellChoice } from "../../graph/choose-cells.ts";
import { encodeMinute, mergeMinute } from "../../graph/encode-minute.ts";
import type { ClickHouse } from "./connect.ts";
import { insertSettings } from "./insert-settings.ts";
import { RowReader, RowWriter } from "./row-binary.ts";
import { scanTraces } from "./scan-traces.ts";
import { type SchemaOptions, tableIn } from "./schema.ts";
import { countingConditions } from "./select-traces.ts";
import { readTouched, type Touched } from "./touched-minutes.ts";

interface Range {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface MinuteOptions {
  /** How long a minute must not have been touched before its sum is kept: longer than any change can take. */
  readonly quietMs: number;
  /** Whether minutes that are not quiet yet are none of the asker's business. */
  readonly quietOnly?: boolean;
}

/**
 * Adds the figures of the minutes in the range, which begins and ends with one, to what is in charge of each; those that
 * are not chosen may be left out. Sums are taken as they were kept as long as nothing has touched their minutes since;
 * the others are added up from the traces, and kept once they are quiet.
 */
export async function addMinutes(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  { startSeconds, endSeconds }: Range,
  into: (minute: number) => Cells | undefined,
  { quietMs, quietOnly = false, choice }: MinuteOptions & { readonly choice?: CellChoice },
): Promise<void> {
  const minutes = { first: startSeconds / 60, end: endSeconds / 60 };
  const touched = await readTouched(clickhouse, schema, minutes);
  const missing = new Set(touched.minutes.keys());
  for (const { minute, asOfMs, cells } of await readSums(clickhouse, schema, minutes)) {
    const target = into(minute);
    if (!isQuiet(minute, { ...touched, nowMs: asOfMs }, quietMs)) continue;
    if (target !== undefined) mergeMinute(cells, target, choice);
    missing.delete(minute);
  }
  if (quietOnly) for (const minute of missing) if (!isQuiet(minute, touched, quietMs)) missing.delete(minute);
  for (const stretch of stretchesOf(missing)) {
    const sums = await addUp(clickhouse, schema, stretch);
    for (const [minute, cells] of sums) {
      const target = into(minute);
      if (target !== undefined) addCells(cells, target);
    }
    await keepQuiet(clickhouse, schema, sums, touched, quietMs);
  }
}

interface Sum {
  readonly minute: number;
  readonly asOfMs: number;
  readonly cells: Uint8Array;
}

async function readSums(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  { first, end }: { readonly first: number; readonly end: number },
): Promise<Sum[]> {
  const rows = new RowReader(
    await clickhouse.bytes(
      `SELECT minute, toUnixTimestamp64Milli(as_of), cells FROM ${tableIn(schema, "minutes")} FINAL ` +
        `WHERE minute >= ${first} AND minute < ${end}`,
    ),
  );
  const sums: Sum[] = [];
  while (!rows.isDone) {
    const [minute, asOfMs] = [Number(rows.int64()), Number(rows.int64())];
    sums.push({ minute, asOfMs, cells: rows.bytes() });
  }
  return sums;
}

/** So many minutes are added up at once at most. */
const mostMinutes = 360;

/** Missing minutes that follow each other, or nearly: traces are read once for all of them. */
function stretchesOf(missing: ReadonlySet<number>): Set<number>[] {
  const all: Set<number>[] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const minute of [...missing].sort((a, b) => b - a)) {
    const last = all.at(-1);
    if (last === undefined || Math.abs(before - minute) > 10 || last.size >= mostMinutes) all.push(new Set([minute]));
    else last.add(minute);
    before = minute;
  }
  return all;
}

/** A sum for each of the minutes, empty ones too. */
async function addUp(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  minutes: ReadonlySet<number>,
): Promise<Map<number, Cells>> {
  const sums = new Map([...minutes].map((minute) => [minute, new Cells({ keepsSeconds: false })]));
  const range = { startSeconds: Math.min(...minutes) * 60, endSeconds: (Math.max(...minutes) + 1) * 60 };
  const target = { at: (seconds: number) => sums.get(Math.floor(seconds / 60)) };
  const wanted = { range, conditions: countingConditions(range), isPicky: false, forFigures: true };
  for await (const digests of scanTraces(clickhouse, schema, wanted)) {
    for (const digest of digests) contribute(digest, 1, target);
  }
  return sums;
}

/**
 * Whether a minute had not been touched for so long. Asked before a sum is kept and each time before it is trusted: as
 * servers' clocks may differ, a touch that came later may look earlier, but not by so much.
 */
const isQuiet = (minute: number, { nowMs, minutes }: Touched, quietMs: number): boolean =>
  nowMs - (minutes.get(minute) ?? nowMs) > quietMs;

async function keepQuiet(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  sums: ReadonlyMap<number, Cells>,
  touched: Touched,
  quietMs: number,
): Promise<void> {
  const rows = new RowWriter();
  let count = 0;
  for (const [minute, cells] of sums) {
    if (!isQuiet(minute, touched, quietMs)) continue;
    rows.int64(BigInt(minute)).int64(BigInt(touched.nowMs)).bytes(encodeMinute(cells));
    count += 1;
  }
  if (count === 0) return;
  const table = tableIn(schema, "minutes");
  await clickhouse.insert(
    `INSERT INTO ${table} (minute, as_of, cells)${insertSettings(count)} FORMAT RowBinary`,
    rows.take(),
  );
}
