import type { Overview } from "../../analysis/overview.ts";
import { StoreError } from "../../errors.ts";
import type { ServiceGraph } from "../../graph/service-graph.ts";
import type { Log } from "../../log.ts";
import { unpackSeries } from "../embedded/pack-series.ts";
import { WorkerLine } from "../embedded/worker-line.ts";
import { packDocuments } from "../pack-documents.ts";
import { allRemoved, tell } from "../store-change.ts";
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
import type { ClickHouseProtocol, ClickHouseWorkerOptions } from "./clickhouse-worker.ts";

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

/** How often those who listen are told of what other nodes have written. */
const followMs = 500;

/** A second reader is started when the first has a question open. */
const readerCount = 2;

/**
 * Traces in a ClickHouse, a single server or a cluster. It keeps nothing itself: any number of these, on as many machines,
 * may write and read at the same time. This end runs in the caller's thread and does nothing but pass questions on.
 */
export class ClickHouseStore implements TraceStore {
  readonly #options: ClickHouseOptions;
  readonly #writer: WorkerLine<ClickHouseProtocol>;
  readonly #readers: readonly WorkerLine<ClickHouseProtocol>[];
  readonly #listeners = new Set<(change: StoreChange) => void>();
  readonly #appends = new Set<Promise<unknown>>();
  #following: NodeJS.Timeout | undefined;
  /** Whether it failed last time: that is said once. */
  #isDeaf = false;
  #opened: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: ClickHouseOptions) {
    const { address, retentionSeconds, maxBytes, pageScan = usualPageScan, quietMs = usualQuietMs } = options;
    // Said at once, and not at the first question, where it is none.
    parseClickHouseAddress(address);
    this.#options = options;
    const told: ClickHouseWorkerOptions = { address, retentionSeconds, maxBytes, pageScan, quietMs };
    const line = () => new WorkerLine<ClickHouseProtocol>("clickhouse-worker", told, () => {}, import.meta.url);
    this.#writer = line();
    this.#readers = Array.from({ length: readerCount }, line);
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
    return this.#reader().ask("traces", traceIds);
  }

  async findTraces(query: TraceQuery): Promise<TracePage> {
    await this.#ready();
    return this.#reader().ask("find", query);
  }

  async serviceGraph(query: GraphQuery, onPartial?: (graph: ServiceGraph) => void): Promise<ServiceGraph> {
    await this.#ready();
    const question = { query, wantsPartials: onPartial !== undefined };
    return this.#reader().ask("graph", question, onPartial === undefined ? {} : { onPartial });
  }

  async timeSeries(query: TimeSeriesQuery): Promise<TimeSeriesPoint[]> {
    await this.#ready();
    return unpackSeries(await this.#reader().ask("series", query));
  }

  async overview(query: OverviewQuery, onPartial?: (overview: Overview) => void): Promise<Overview> {
    await this.#ready();
    const question = { query, wantsPartials: onPartial !== undefined };
    return this.#reader().ask("overview", question, onPartial === undefined ? {} : { onPartial });
  }

  subscribe(listener: (change: StoreChange) => void): () => void {
    this.#listeners.add(listener);
    this.#followLater();
    return () => this.#listeners.delete(listener);
  }

  async usage(): Promise<StoreUsage> {
    await this.#ready();
    return this.#reader().ask("usage", undefined);
  }

  async prune(nowSeconds: number): Promise<void> {
    await this.#ready();
    const traces = await this.#writer.ask("prune", { nowSeconds });
    if (traces > 0) this.#options.log.info({ traces }, "traces were finished that had been cut off");
  }

  async remove(traceIds: readonly string[]): Promise<number> {
    await this.#ready();
    const { count, change } = await this.#writer.ask("remove", traceIds);
    tell(this.#listeners, change, this.#options.log);
    return count;
  }

  async clear(): Promise<void> {
    await this.#ready();
    await this.#writer.ask("clear", undefined);
    tell(this.#listeners, allRemoved, this.#options.log);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #append(documents: readonly RawDocument[]): Promise<AppendResult> {
    await this.#ready();
    const { now, log } = this.#options;
    const packed = packDocuments(documents);
    const question = { ...packed, nowMs: now(), wantsChange: this.#listeners.size > 0 };
    const transfer = [packed.bytes.buffer, packed.ends.buffer];
    const { outcomes, change } = await this.#writer.ask("append", question, { transfer });
    tell(this.#listeners, change, log);
    return { outcomes };
  }

  /** Asks now and then, while somebody listens, what other nodes have written. */
  #followLater(): void {
    if (this.#following !== undefined || this.#listeners.size === 0 || this.#closed !== undefined) return;
    this.#following = setTimeout(async () => {
      await this.#follow();
      this.#following = undefined;
      this.#followLater();
    }, followMs);
    this.#following.unref();
  }

  async #follow(): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#ready();
      tell(this.#listeners, await this.#writer.ask("follow", undefined), log);
      this.#isDeaf = false;
    } catch (error) {
      if (!this.#isDeaf && this.#closed === undefined) {
        log.warn({ error: String(error) }, "what other nodes write cannot be followed");
      }
      this.#isDeaf = true;
    }
  }

  /** The first question, whatever it is, makes the tables. */
  #ready(): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(closed());
    if (this.#opened === undefined) {
      this.#opened = this.#writer.ask("open", undefined);
      this.#opened.catch(() => {
        // The next question tries again: the server may be there by then.
        this.#opened = undefined;
      });
    }
    return this.#opened;
  }

  #reader(): WorkerLine<ClickHouseProtocol> {
    return this.#readers.reduce((idlest, reader) => (reader.load < idlest.load ? reader : idlest));
  }

  async #close(): Promise<void> {
    clearTimeout(this.#following);
    await Promise.allSettled([this.#opened, ...this.#appends]);
    const started = [this.#writer, ...this.#readers].filter((line) => line.isStarted);
    await Promise.all(started.map((line) => line.ask("close", undefined)));
    await Promise.all(started.map((line) => line.stop()));
  }
}

const closed = (): StoreError =>
  new StoreError("FLUORO_STORE_CLOSED", "The store is closed. Open it again before asking it.", { retryable: false });
