import type { StoreUsage } from "../trace-store.ts";
import type { ClickHouseWriter } from "./clickhouse-writer.ts";
import type { ClickHouse } from "./connect.ts";
import { dropDays, type KeepOptions, readBytes } from "./kept-days.ts";
import { addMinutes, type MinuteOptions } from "./minute-sums.ts";
import { onCluster, ownTable, type SchemaOptions, tableIn, tableNames } from "./schema.ts";
import { findUnsettled } from "./unsettled-traces.ts";

/** What arrived so lately may still be on its way to its row. */
const settlingMs = 60_000;
/** How far back a node looks at first: what was acknowledged has its row, so this is for those who were just killed. */
const firstLookMs = 600_000;
/** Minutes of so long ago are added up before anybody asks. */
const summedSeconds = 3_600;

/** What has to be done now and then, by every node: it does no harm that several do the same. */
export class ClickHouseUpkeep {
  readonly #clickhouse: ClickHouse;
  readonly #schema: SchemaOptions;
  readonly #writer: ClickHouseWriter;
  readonly #options: KeepOptions & MinuteOptions;
  /** Up to when traces have been looked at by `#settle`. */
  #settledMs: number | undefined;

  constructor(
    clickhouse: ClickHouse,
    schema: SchemaOptions,
    writer: ClickHouseWriter,
    options: KeepOptions & MinuteOptions,
  ) {
    this.#clickhouse = clickhouse;
    this.#schema = schema;
    this.#writer = writer;
    this.#options = options;
  }

  async usage(): Promise<StoreUsage> {
    const [[figures], bytes] = await Promise.all([
      this.#clickhouse.rows<{ traces: number; segments: number; oldest: number; newest: number }>(
        "SELECT count() AS traces, sum(segments) AS segments, min(start) AS oldest, max(end) AS newest " +
          `FROM ${tableIn(this.#schema, "traces")} FINAL`,
      ),
      readBytes(this.#clickhouse, this.#schema),
    ]);
    if (figures === undefined || figures.traces === 0) return { traces: 0, segments: 0, bytes };
    const { traces, segments, oldest: oldestSeconds, newest: newestSeconds } = figures;
    return { traces, segments, bytes, oldestSeconds, newestSeconds };
  }

  /** Drops what is too old, finishes what was cut off, adds up what has become quiet. Answers how many were cut off. */
  async prune(nowSeconds: number): Promise<number> {
    await dropDays(this.#clickhouse, this.#schema, nowSeconds, this.#options);
    const settled = await this.#settle(nowSeconds * 1000);
    const endSeconds = Math.floor(nowSeconds / 60) * 60;
    const lately = { startSeconds: endSeconds - summedSeconds, endSeconds };
    await addMinutes(this.#clickhouse, this.#schema, lately, () => undefined, { ...this.#options, quietOnly: true });
    return settled;
  }

  async clear(): Promise<void> {
    for (const table of tableNames) {
      await this.#clickhouse.run(`TRUNCATE TABLE ${ownTable(this.#schema, table)}${onCluster(this.#schema)}`);
    }
  }

  /** Finishes what another node, or this one, was killed over. */
  async #settle(nowMs: number): Promise<number> {
    const toMs = nowMs - settlingMs;
    const fromMs = this.#settledMs ?? toMs - firstLookMs;
    const unsettled = await findUnsettled(this.#clickhouse, this.#schema, { fromMs, toMs });
    await this.#writer.remake(unsettled);
    this.#settledMs = toMs;
    return unsettled.length;
  }
}
