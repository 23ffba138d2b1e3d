import type { Log } from "../../log.ts";
import type { TraceDigest } from "../../trace/digest.ts";
import { keyLength, traceIdOf } from "../embedded/trace-key.ts";
import { changeOf } from "../store-change.ts";
import type { StoreChange } from "../trace-store.ts";
import type { ClickHouse } from "./connect.ts";
import { RowReader } from "./row-binary.ts";
import { type SchemaOptions, tableIn } from "./schema.ts";
import { idSet } from "./trace-ids.ts";
import { viewTrace } from "./trace-rows.ts";

/** Twice for each tick of the map in the live stream. */
const paceMs = 500;
/** What was written so long ago may only now be seen: inserts wait for company, replicas lag, clocks differ. */
const overlapMs = 5_000;
/** After a time without answers no more than this is told; who looks at the list reads on from there himself. */
const lookBackMs = 15_000;
/** Of a burst, the newest; more than these cannot be looked at in half a second. */
const mostRows = 1_000;
const mostDigests = 200;

export interface Following {
  readonly clickhouse: ClickHouse;
  readonly schema: SchemaOptions;
  /** Who writes under this number tells of it himself. */
  readonly node: bigint;
  /** Resolves when there are tables to ask. */
  readonly ready: () => Promise<void>;
  readonly tell: (change: StoreChange | undefined) => void;
  readonly log: Log;
}

/** A version that somebody else has written. */
interface Written {
  readonly hour: number;
  readonly traceId: string;
  readonly version: bigint;
  readonly writtenMs: number;
}

/**
 * Asks twice a second what others have written, and tells each version of a trace once. Only the newest of a burst is
 * told; the change then says that it was cut. Answers the function that ends it.
 */
export function followChanges({ clickhouse, schema, node, ready, tell, log }: Following): () => void {
  const seen = new SeenVersions();
  let afterMs: number | undefined;
  let isAway = false;
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    await ready();
    const nowMs = await readClock(clickhouse);
    const since = Math.max((afterMs ?? nowMs) - overlapMs, nowMs - lookBackMs);
    const written = await readWritten(clickhouse, schema, { node, since });
    const fresh = seen.add(written, since);
    // What was there before anybody listened is no change.
    const isFirst = afterMs === undefined;
    const digests = isFirst ? [] : await readDigests(clickhouse, schema, fresh.slice(0, mostDigests));
    afterMs = nowMs;
    if (isOver) return;
    const change = changeOf(digests.map((digest) => ({ before: undefined, digest })));
    const isCut = written.length === mostRows || fresh.length > mostDigests;
    tell(change && { ...change, truncated: isCut });
  };

  const lookAgain = async (): Promise<void> => {
    try {
      await look();
      isAway = false;
    } catch (error) {
      if (!isAway && !isOver) log.warn({ error: String(error) }, "changes of other nodes cannot be followed");
      isAway = true;
    }
    if (isOver) return;
    timer = setTimeout(lookAgain, paceMs);
    timer.unref();
  };
  void lookAgain();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

/** The newest version of each trace that was written lately. */
class SeenVersions {
  readonly #versions = new Map<string, Written>();

  /** Answers those that nobody has told of yet. */
  add(all: readonly Written[], sinceMs: number): Written[] {
    const fresh = all.filter(({ traceId, version }) => version > (this.#versions.get(traceId)?.version ?? -1n));
    for (const written of fresh) this.#versions.set(written.traceId, written);
    for (const [traceId, { writtenMs }] of this.#versions) if (writtenMs < sinceMs) this.#versions.delete(traceId);
    return fresh;
  }
}

/** The database's own, by which `written` goes. */
async function readClock(clickhouse: ClickHouse): Promise<number> {
  const [row] = await clickhouse.rows<{ now: string }>("SELECT toUnixTimestamp64Milli(now64(3)) AS now");
  return Number(row?.now);
}

/** The newest version of each trace that was written since, where it is not our own; the last written first. */
async function readWritten(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  { node, since }: { readonly node: bigint; readonly since: number },
): Promise<Written[]> {
  const rows = new RowReader(
    await clickhouse.bytes(
      `SELECT hour, trace, version, toUnixTimestamp64Milli(written) FROM (
        SELECT hour, trace, version, written, writer FROM ${tableIn(schema, "traces")}
        WHERE written > fromUnixTimestamp64Milli(toInt64(${since})) AND is_gone = 0
        ORDER BY trace, version DESC LIMIT 1 BY trace
      ) WHERE writer != ${node} ORDER BY written DESC LIMIT ${mostRows}`,
    ),
  );
  const all: Written[] = [];
  while (!rows.isDone) {
    const [hour, key, version] = [rows.uint32(), rows.fixed(keyLength), rows.uint64()];
    all.push({ hour, traceId: traceIdOf(key), version, writtenMs: Number(rows.int64()) });
  }
  return all;
}

async function readDigests(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  wanted: readonly Written[],
): Promise<TraceDigest[]> {
  if (wanted.length === 0) return [];
  const hours = [...new Set(wanted.map(({ hour }) => hour))];
  const rows = new RowReader(
    await clickhouse.bytes(
      `SELECT digest FROM ${tableIn(schema, "traces")} WHERE hour IN (${hours}) AND is_gone = 0
      AND trace IN ${idSet(wanted.map(({ traceId }) => traceId))} AND version IN (${wanted.map(({ version }) => version)})`,
    ),
  );
  const digests: TraceDigest[] = [];
  while (!rows.isDone) digests.push(viewTrace(rows.bytes()));
  return digests;
}
