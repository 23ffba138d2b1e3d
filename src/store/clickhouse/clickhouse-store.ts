import type { Overview } from "../../analysis/overview.ts";
import { StoreError } from "../../errors.ts";
import type { ServiceGraph } from "../../graph/service-graph.ts";
import type { Log } from "../../log.ts";
import { allRemoved, removalOf, tell } from "../store-change.ts";
import type {
  AppendResult,
  GraphQuery,
  OverviewQuery,
  RawDocument,
  StoreChange,
  StoredTrace,
  StoreUsage,
  TimeSeriesPoint,
  TimeSeriesQuery,
  TracePage,
  TraceQuery,
  TraceStore,
} from "../trace-store.ts";
import { parseClickHouseAddress } from "./address.ts";
import { ClickHouseReader } from "./clickhouse-reader.ts";
import { ClickHouseWriter } from "./clickhouse-writer.ts";
import { type ClickHouse, connectClickHouse } from "./connect.ts";
import { followChanges } from "./follow-changes.ts";
import { dropDays, readBytes } from "./kept-days.ts";
import { migrate } from "./migrate.ts";
import { onCluster, ownTable, type SchemaOptions, tableIn, tableNames } from "./schema.ts";
import { findUnsettled } from "./unsettled-traces.ts";

export interface ClickHouseOptions {
  /** `clickhouse://user:password@host:port/database?cluster=name`. */
  readonly address: string;
  readonly retentionSeconds?: number | undefined;
  readonly maxBytes?: number | undefined;
  /** Traces that one page looks at before it ends, full or not; tests make it small. */
  readonly pageScan?: number;
  /** How long a minute is left alone before its figures are kept; tests make it short. */
  readonly quietMs?: number;
  readonly log: Log;
  /** Milliseconds. */
  readonly now: () => number;
}

const usualPageScan = 100_000;

/** Longer than an append may take, with all its attempts. */
const usualQuietMs = 300_000;

/** What arrived so lately may still be on its way to its row. */
const settlingMs = 60_000;
/** How far back a node looks at first. */
const firstLookMs = 3_600_000;

/**
 * Traces in a ClickHouse, a single server or a cluster. It keeps nothing itself: any number of these, on as many machines,
 * may write and read at the same time.
 */
export class ClickHouseStore implements TraceStore {
  readonly #options: ClickHouseOptions;
  readonly #clickhouse: ClickHouse;
  readonly #schema: SchemaOptions;
  readonly #writer: ClickHouseWriter;
  readonly #reader: ClickHouseReader;
  readonly #listeners = new Set<(change: StoreChange) => void>();
  readonly #appends = new Set<Promise<unknown>>();
  #stopFollowing: (() => void) | undefined;
  /** Up to when traces have been looked at by `#settle`. */
  #settledMs: number | undefined;
  #opened: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: ClickHouseOptions) {
    const { retentionSeconds, pageScan = usualPageScan, quietMs = usualQuietMs } = options;
    const address = parseClickHouseAddress(options.address);
    this.#options = options;
    this.#clickhouse = connectClickHouse(address);
    this.#schema = { ...address, retentionSeconds };
    this.#writer = new ClickHouseWriter(this.#clickhouse, this.#schema);
    this.#reader = new ClickHouseReader(this.#clickhouse, this.#schema, { pageScan, quietMs });
  }

  append(documents: readonly RawDocument[]): Promise<AppendResult> {
    const appending = this.#append(documents);
    this.#appends.add(appending);
    const forget = () => this.#appends.delete(appending);
    appending.then(forget, forget);
    return appending;
  }

  async readTraces(traceIds: readonly string[]): Promise<StoredTrace[]> {
    await this.#ready();
    return this.#reader.readTraces(traceIds);
  }

  async findTraces(query: TraceQuery): Promise<TracePage> {
    await this.#ready();
    return this.#reader.findTraces(query);
  }

  async serviceGraph(query: GraphQuery, onPartial?: (graph: ServiceGraph) => void): Promise<ServiceGraph> {
    await this.#ready();
    return this.#reader.serviceGraph(query, onPartial);
  }

  async timeSeries(query: TimeSeriesQuery): Promise<TimeSeriesPoint[]> {
    await this.#ready();
    return this.#reader.timeSeries(query);
  }

  async overview(query: OverviewQuery, onPartial?: (overview: Overview) => void): Promise<Overview> {
    await this.#ready();
    return this.#reader.overview(query, onPartial);
  }

  /** Hears of what is appended here at once, and of what others have written within a second or so. */
  subscribe(listener: (change: StoreChange) => void): () => void {
    this.#listeners.add(listener);
    this.#stopFollowing ??= this.#follow();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#rest();
    };
  }

  async usage(): Promise<StoreUsage> {
    await this.#ready();
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

  async prune(nowSeconds: number): Promise<void> {
    await this.#ready();
    await dropDays(this.#clickhouse, this.#schema, nowSeconds, this.#options);
    await this.#settle(nowSeconds * 1000);
  }

  async remove(traceIds: readonly string[]): Promise<number> {
    await this.#ready();
    const removed = await this.#writer.remove(traceIds);
    tell(this.#listeners, removalOf(removed), this.#options.log);
    return removed.length;
  }

  async clear(): Promise<void> {
    await this.#ready();
    for (const table of tableNames) {
      await this.#clickhouse.run(`TRUNCATE TABLE ${ownTable(this.#schema, table)}${onCluster(this.#schema)}`);
    }
    tell(this.#listeners, allRemoved, this.#options.log);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #append(documents: readonly RawDocument[]): Promise<AppendResult> {
    await this.#ready();
    const { now, log } = this.#options;
    const { outcomes, change } = await this.#writer.append(documents, now(), this.#listeners.size > 0);
    tell(this.#listeners, change, log);
    return { outcomes };
  }

  #follow(): () => void {
    const { log } = this.#options;
    return followChanges({
      clickhouse: this.#clickhouse,
      schema: this.#schema,
      node: this.#writer.node,
      ready: () => this.#ready(),
      tell: (change) => tell(this.#listeners, change, log),
      log,
    });
  }

  #rest(): void {
    this.#stopFollowing?.();
    this.#stopFollowing = undefined;
  }

  /** The first question, whatever it is, makes the tables. */
  #ready(): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(closed());
    if (this.#opened === undefined) {
      this.#opened = migrate(this.#clickhouse, this.#schema);
      this.#opened.catch(() => {
        // The next question tries again: the server may be there by then.
        this.#opened = undefined;
      });
    }
    return this.#opened;
  }

  /** Finishes what another node, or this one, was killed over. */
  async #settle(nowMs: number): Promise<void> {
    const toMs = nowMs - settlingMs;
    const unsettled = await findUnsettled(this.#clickhouse, this.#schema, {
      fromMs: this.#settledMs ?? toMs - firstLookMs,
      toMs,
    });
    await this.#writer.remake(unsettled);
    if (unsettled.length > 0)
      this.#options.log.info({ traces: unsettled.length }, "traces were finished that had been cut off");
    this.#settledMs = toMs;
  }

  async #close(): Promise<void> {
    this.#rest();
    await Promise.allSettled(this.#appends);
    await this.#clickhouse.close();
  }
}

const closed = (): StoreError =>
  new StoreError("FLUORO_STORE_CLOSED", "The store is closed. Open it again before asking it.", { retryable: false });
