import type { TraceDigest } from "../../trace/digest.ts";
import { keyLength } from "../embedded/trace-key.ts";
import { changeOf, mostDigests } from "../store-change.ts";
import type { StoreChange } from "../trace-store.ts";
import type { ClickHouse } from "./connect.ts";
import { RowReader } from "./row-binary.ts";
import { type SchemaOptions, tableIn } from "./schema.ts";
import { viewTrace } from "./trace-rows.ts";

/** A row says when it was begun, and is there a moment later: so long is looked back again. */
const overlapMs = 5_000;
/** After a time without answers no more than this is told: who looks at a list reads on from there himself. */
const lookBackMs = 15_000;
/** Rows looked at at a time; when more were written, the newest. */
const mostRows = 20_000;

/** Tells what other nodes have written since it was last asked. */
export class ClickHouseFollower {
  readonly #clickhouse: ClickHouse;
  readonly #schema: SchemaOptions;
  readonly #node: bigint;
  /** By the server's clock; absent before the first question. */
  #followedMs: number | undefined;
  /** Versions told of, and when they were written: they are met again within the overlap. */
  readonly #told = new Map<string, number>();

  /** `node` is left out: who writes there knows. */
  constructor(clickhouse: ClickHouse, schema: SchemaOptions, node: bigint) {
    this.#clickhouse = clickhouse;
    this.#schema = schema;
    this.#node = node;
  }

  /** Nothing the first time: what was there before is no change. */
  async take(): Promise<StoreChange | undefined> {
    const [clock] = await this.#clickhouse.rows<{ now: number }>("SELECT toUnixTimestamp64Milli(now64(3)) AS now");
    const nowMs = clock?.now ?? 0;
    const isFirst = this.#followedMs === undefined;
    const rows = await this.#written(Math.max((this.#followedMs ?? nowMs) - overlapMs, nowMs - lookBackMs));
    const fresh = rows.filter(({ name }) => !this.#told.has(name));
    for (const { name, writtenMs } of fresh) this.#told.set(name, writtenMs);
    for (const [name, writtenMs] of this.#told) if (writtenMs < nowMs - lookBackMs) this.#told.delete(name);
    this.#followedMs = nowMs;
    if (isFirst || fresh.length === 0) return undefined;
    const digests = await this.#read(fresh.slice(0, mostDigests));
    const change = changeOf(digests.map((digest) => ({ before: undefined, digest })));
    return change && { ...change, truncated: fresh.length > mostDigests };
  }

  /** Newest first. */
  async #written(sinceMs: number): Promise<Written[]> {
    const rows = new RowReader(
      await this.#clickhouse.bytes(
        `SELECT hour, trace, version, toUnixTimestamp64Milli(written) FROM ${tableIn(this.#schema, "traces")} ` +
          `WHERE written >= fromUnixTimestamp64Milli(toInt64(${sinceMs}), 'UTC') AND writer != ${this.#node} AND NOT is_gone ` +
          `ORDER BY written DESC LIMIT ${mostRows}`,
      ),
    );
    const written: Written[] = [];
    while (!rows.isDone) {
      const [hour, key, version] = [rows.uint32(), rows.fixed(keyLength).toString("hex"), rows.uint64()];
      written.push({ hour, key, name: `${key} ${version}`, writtenMs: Number(rows.int64()) });
    }
    return written;
  }

  async #read(rows: readonly Written[]): Promise<TraceDigest[]> {
    const places = rows.map(({ hour, key }) => `(${hour}, unhex('${key}'))`).join(",");
    const digests = new RowReader(
      await this.#clickhouse.bytes(
        `SELECT concat(figures, details) FROM ${tableIn(this.#schema, "traces")} FINAL WHERE (hour, trace) IN (${places})`,
      ),
    );
    const read: TraceDigest[] = [];
    while (!digests.isDone) read.push(viewTrace(digests.bytes()));
    return read;
  }
}

interface Written {
  readonly hour: number;
  readonly key: string;
  /** Of the version. */
  readonly name: string;
  readonly writtenMs: number;
}
