import type { TraceDigest } from "../../trace/digest.ts";
import { placeOf, type TracePlace, type TraceRange } from "../trace-in-range.ts";
import type { ClickHouse } from "./connect.ts";
import { RowReader } from "./row-binary.ts";
import type { SchemaOptions } from "./schema.ts";
import { behind, placeColumn, selectDigests, selectHours, type TraceSelection } from "./select-traces.ts";
import { hourSeconds, hoursOf, strayHour, withStrays } from "./trace-hour.ts";
import { viewTrace } from "./trace-rows.ts";

/** About so many rows are read at a time: some 10 MB. */
const rowsPerRead = 16_000;
/** Who wants the newest begins with so many rows, and looks at more with each further step; */
const rowsOfOrder = (at: number): number => Math.min(2_000 * 2 ** at, 4 * rowsPerRead);
/** at many more, where an index tells the few that are wanted. */
const rowsOfPicky = (at: number): number => Math.min(rowsPerRead * 4 ** (at + 1), 256 * rowsPerRead);

interface Seconds {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** Which traces are wanted. */
export interface Wanted<Range> {
  readonly range: Range;
  /** Words of SQL; all must hold. */
  readonly conditions: readonly string[];
}

/** All traces of the hours of a range that fit the conditions, some thousands at a time, about newest first. */
export async function* scanTraces(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  { range, conditions, isPicky, forFigures }: Wanted<Seconds> & Pick<TraceSelection, "isPicky" | "forFigures">,
): AsyncGenerator<TraceDigest[]> {
  for (const { first, last, rows } of stretches(await readHours(clickhouse, schema, range), () => rowsPerRead)) {
    const hours = `hour BETWEEN ${first} AND ${last}`;
    // A busy hour is cut by the ids of its traces, which are as good as random.
    const cuts = Math.ceil(rows / (2 * rowsPerRead));
    for (let cut = 0; cut < cuts; cut++) {
      const share = cuts === 1 ? [] : [`cityHash64(trace) % ${cuts} = ${cut}`];
      const selection = { hours, conditions: [...conditions, ...share], isPicky, forFigures };
      yield await readDigests(clickhouse, selectDigests(schema, selection));
    }
  }
}

interface Ordered extends Wanted<TraceRange>, Pick<TraceSelection, "isPicky"> {
  readonly after: TracePlace | undefined;
  /** Traces in the first part. */
  readonly atFirst: number;
}

/** The traces that fit, newest first in the sense of the range's type, behind a place; a few at first and then more. */
export async function* tracesInOrder(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  { range, conditions, isPicky, after, atFirst }: Ordered,
): AsyncGenerator<TraceDigest[]> {
  const order = placeColumn(range.rangeType);
  let place = after;
  let limit = atFirst;
  const hours = await readHours(clickhouse, schema, range);
  for (const window of windows(stretches(hours, isPicky ? rowsOfPicky : rowsOfOrder))) {
    if (after !== undefined && window.from !== undefined && window.from > after.seconds) continue;
    const bounds = boundsOf(window, order);
    for (;;) {
      const all = [...conditions, ...bounds, ...(place === undefined ? [] : [behind(place, order)])];
      const selection = { hours: hoursIn(window, range), conditions: all, isPicky: true, order, limit };
      const digests = await readDigests(clickhouse, selectDigests(schema, selection));
      const last = digests.at(-1);
      if (last !== undefined) {
        place = placeOf(last, range.rangeType);
        yield digests;
      }
      if (digests.length < limit) break;
      limit = Math.min(limit * 2, rowsPerRead / 4);
    }
  }
}

/** A part of the order; what is not bounded goes on as far as the range does. */
interface Window {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

function windows(all: readonly Stretch[]): Window[] {
  const found = all.filter(({ first }) => first !== strayHour).map(({ first }) => first * hourSeconds);
  if (found.length === 0) return all.length === 0 ? [] : [{ from: undefined, to: undefined }];
  return found.map((from, at) => ({ from: at === found.length - 1 ? undefined : from, to: found[at - 1] }));
}

function boundsOf({ from, to }: Window, column: string): string[] {
  return [...(from === undefined ? [] : [`${column} >= ${from}`]), ...(to === undefined ? [] : [`${column} < ${to}`])];
}

/** Where the traces of a window stand: an hour earlier too, since the time in an id may be an hour younger. */
function hoursIn({ from, to }: Window, range: Seconds): string {
  const { first, last } = hoursOf(range);
  return withStrays({
    first: from === undefined ? first : from / hourSeconds - 1,
    last: to === undefined ? last : to / hourSeconds - 1,
  });
}

interface HourRows {
  readonly hour: number;
  readonly rows: number;
}

async function readHours(clickhouse: ClickHouse, schema: SchemaOptions, range: Seconds): Promise<HourRows[]> {
  const rows = new RowReader(await clickhouse.bytes(selectHours(schema, range)));
  const hours: HourRows[] = [];
  while (!rows.isDone) hours.push({ hour: rows.uint32(), rows: Number(rows.uint64()) });
  return hours;
}

/** Neighbouring hours put together until it is worth a question; the strays alone, and last. */
interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly rows: number;
}

function stretches(hours: readonly HourRows[], mostRows: (at: number) => number): Stretch[] {
  const all: Stretch[] = [];
  for (const { hour, rows } of hours) {
    const newer = all.at(-1);
    if (newer === undefined || newer.rows + rows > mostRows(all.length - 1) || hour === strayHour) {
      all.push({ first: hour, last: hour, rows });
    } else {
      all[all.length - 1] = { first: hour, last: newer.last, rows: newer.rows + rows };
    }
  }
  return all;
}

async function readDigests(clickhouse: ClickHouse, statement: string): Promise<TraceDigest[]> {
  const rows = new RowReader(await clickhouse.bytes(statement));
  const digests: TraceDigest[] = [];
  while (!rows.isDone) digests.push(viewTrace(rows.bytes()));
  return digests;
}
