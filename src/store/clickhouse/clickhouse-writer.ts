import { randomBytes } from "node:crypto";
import type { TraceDigest } from "../../trace/digest.ts";
import { type ArrivedDocument, readDocuments } from "../read-documents.ts";
import { changeOf } from "../store-change.ts";
import type { RawDocument, Refusal, StoreChange } from "../trace-store.ts";
import type { ClickHouse } from "./connect.ts";
import { type LogRow, readLog, writeLog } from "./document-log.ts";
import { insertSettings } from "./insert-settings.ts";
import { type LoggedDocument, type ReplayedTrace, replayLog } from "./replay-log.ts";
import { RowWriter } from "./row-binary.ts";
import { onCluster, ownTable, type SchemaOptions, tableIn } from "./schema.ts";
import { touchMinutes } from "./touched-minutes.ts";
import { earlierHours, minutesIn, minutesOf } from "./trace-hour.ts";
import { idSet, inStatements } from "./trace-ids.ts";
import { traceColumns, writeGone, writeTrace } from "./trace-rows.ts";

export interface Appended {
  readonly outcomes: readonly (Refusal | undefined)[];
  readonly change: StoreChange | undefined;
}

/** Traces that are read whole and written again at once. */
const tracesPerWrite = 1_000;

/**
 * The writing side of a node. Any number of them write at the same time without knowing of each other: what arrived is
 * logged first, then each trace is made anew of its whole log. Whoever reads the log last sees all of it, and a version of
 * more documents takes the place of one of fewer, whichever is written first.
 */
export class ClickHouseWriter {
  readonly #clickhouse: ClickHouse;
  readonly #schema: SchemaOptions;
  /** Which node it is: who follows what others write leaves out his own. */
  readonly node: bigint = randomId();
  #lastArrived = 0n;

  constructor(clickhouse: ClickHouse, schema: SchemaOptions) {
    this.#clickhouse = clickhouse;
    this.#schema = schema;
  }

  /** When it resolves, the documents and what follows from them are durable. */
  async append(documents: readonly RawDocument[], nowMs: number, wantsChange: boolean): Promise<Appended> {
    const outcomes = new Array<Refusal | undefined>(documents.length).fill(undefined);
    const arrived = this.#arrival(nowMs);
    const append = randomId();
    const own = new Map<string, LoggedDocument[]>();
    const rows: LogRow[] = [];
    for (const [traceId, read] of readDocuments(documents, outcomes)) {
      own.set(
        traceId,
        read.map((document, at) => logged(document, { arrived, append, position: rows.length + at })),
      );
      for (const [at, { bytes, weight }] of read.entries()) {
        rows.push({ traceId, bytes, ...own.get(traceId)![at]!, ...(weight !== undefined && { weight }) });
      }
    }
    if (rows.length === 0) return { outcomes, change: undefined };
    await writeLog(this.#clickhouse, this.#schema, rows);
    const others = await readLog(this.#clickhouse, this.#schema, [...own.keys()], append);
    const versions = [...own].flatMap(([traceId, log]) => newVersion(traceId, others.get(traceId) ?? [], log));
    await this.#write(versions);
    if (!wantsChange) return { outcomes, change: undefined };
    const changed = versions.flatMap((version) => {
      const before = version.others.length === 0 ? undefined : replayLog(version.digest.id, version.others);
      return before?.digest.revision === version.digest.revision ? [] : [{ before, digest: version.digest }];
    });
    return { outcomes, change: changeOf(changed) };
  }

  /** Makes traces anew of all that is in the log; for those whose row does not know all of it. */
  async remake(traceIds: readonly string[]): Promise<void> {
    for (const ids of inStatements(traceIds, tracesPerWrite)) {
      const logs = await readLog(this.#clickhouse, this.#schema, ids);
      await this.#write([...logs].flatMap(([traceId, log]) => newVersion(traceId, log, [])));
    }
  }

  /** Removes traces with their documents. Answers what they were. */
  async remove(traceIds: readonly string[]): Promise<TraceDigest[]> {
    const removed: TraceDigest[] = [];
    for (const ids of inStatements([...new Set(traceIds)], tracesPerWrite)) {
      const versions = [...(await readLog(this.#clickhouse, this.#schema, ids))].flatMap(([traceId, log]) =>
        newVersion(traceId, log, []),
      );
      if (versions.length === 0) continue;
      const segments = versions.flatMap(({ log }) => log.flatMap((document) => document.segments));
      await touchMinutes(this.#clickhouse, this.#schema, minutesIn(segments));
      // The log last: as long as it is there, whoever is killed on the way can begin again.
      for (const table of ["traces", "documents"] as const) {
        const from = `${ownTable(this.#schema, table)}${onCluster(this.#schema)}`;
        await this.#clickhouse.run(`DELETE FROM ${from} WHERE trace IN ${idSet(ids)}`);
      }
      removed.push(...versions.map(({ digest }) => digest));
    }
    return removed;
  }

  async #write(versions: readonly Version[]): Promise<void> {
    if (versions.length === 0) return;
    const minutes = new Set<number>();
    const rows = new RowWriter();
    let count = 0;
    for (const version of versions) {
      writeTrace(rows, version, this.node);
      count += 1;
      for (const minute of minutesOf(version.digest)) minutes.add(minute);
      if (version.others.length === 0) continue;
      const segments = version.log.flatMap((document) => document.segments);
      for (const minute of minutesIn(segments)) minutes.add(minute);
      for (const hour of earlierHours(version.digest, segments)) {
        writeGone(rows, hour, version, this.node);
        count += 1;
      }
    }
    await touchMinutes(this.#clickhouse, this.#schema, minutes);
    const table = tableIn(this.#schema, "traces");
    await this.#clickhouse.insert(
      `INSERT INTO ${table} (${traceColumns})${insertSettings(count)} FORMAT RowBinary`,
      rows.take(),
    );
  }

  /** In microseconds; later than all before it, whatever the clock does. */
  #arrival(nowMs: number): bigint {
    const now = BigInt(Math.round(nowMs * 1000));
    this.#lastArrived = now > this.#lastArrived ? now : this.#lastArrived + 1n;
    return this.#lastArrived;
  }
}

interface Version extends ReplayedTrace {
  readonly log: readonly LoggedDocument[];
  /** What had arrived by other appends. */
  readonly others: readonly LoggedDocument[];
}

function newVersion(traceId: string, others: readonly LoggedDocument[], own: readonly LoggedDocument[]): Version[] {
  const log = [...others, ...own];
  const replayed = replayLog(traceId, log);
  return replayed === undefined ? [] : [{ ...replayed, log, others }];
}

function logged(
  { text, segments, weight }: ArrivedDocument,
  place: Pick<LoggedDocument, "arrived" | "append" | "position">,
): LoggedDocument {
  return { ...place, text, segments, ...(weight !== undefined && { weight }) };
}

const randomId = (): bigint => randomBytes(8).readBigUInt64LE();
