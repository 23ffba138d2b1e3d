import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Overview } from "../../analysis/overview.ts";
import { StoreError } from "../../errors.ts";
import type { ServiceGraph } from "../../graph/service-graph.ts";
import type { Log } from "../../log.ts";
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
import { unpackSeries } from "./pack-series.ts";
import { type PartInfo, usageOf } from "./part-info.ts";
import type { ReaderOptions, ReaderProtocol } from "./reader-worker.ts";
import type { WriterOptions } from "./store-writer.ts";
import { usualRunLength } from "./term-run.ts";
import { WorkerLine } from "./worker-line.ts";
import type { LogLine, Removal, WriterProtocol } from "./writer-worker.ts";

export interface EmbeddedOptions {
  /** Absent: a temporary directory, removed with the store. */
  readonly directory: string | undefined;
  readonly retentionSeconds?: number | undefined;
  readonly maxBytes?: number | undefined;
  /** Size at which another part is begun; by default a sixteenth of `maxBytes`, and 1 GB where there is no bound. */
  readonly partBytes?: number | undefined;
  /** Trace versions between two savings of the index and the figures; tests make it small. */
  readonly runLength?: number;
  /** Traces that one page looks at before it ends, full or not; tests make it small. */
  readonly pageScan?: number;
  readonly log: Log;
  /** Milliseconds. */
  readonly now: () => number;
}

/** A second reader is started when the first has this many questions open. */
const readerCount = 2;

/** So many traces are looked at in a fifth of a second; who wants more of a filter that finds little asks on. */
const usualPageScan = 30_000;

/**
 * Traces in SQLite files. This end runs in the caller's thread and does nothing but pass questions on: one worker writes,
 * others read beside it, so that neither receiving nor a question waits for a batch.
 */
export class EmbeddedStore implements TraceStore {
  readonly #options: EmbeddedOptions;
  readonly #directory: string;
  readonly #writer: WorkerLine<WriterProtocol>;
  readonly #readers: readonly WorkerLine<ReaderProtocol>[];
  readonly #listeners = new Set<(change: StoreChange) => void>();
  readonly #removeDirectory = (): void => rmSync(this.#directory, { recursive: true, force: true });
  #opened: Promise<void> | undefined;
  #parts: readonly PartInfo[] = [];
  #closed: Promise<void> | undefined;

  constructor(options: EmbeddedOptions) {
    this.#options = options;
    this.#directory = options.directory ?? join(tmpdir(), `fluoroscope-${process.pid}-${randomUUID()}`);
    this.#writer = new WorkerLine("writer-worker", writerOptions(options, this.#directory), (line: LogLine) =>
      options.log[line.level](line.fields, line.message),
    );
    const readerOptions: ReaderOptions = { pageScan: options.pageScan ?? usualPageScan };
    this.#readers = Array.from(
      { length: readerCount },
      () => new WorkerLine<ReaderProtocol>("reader-worker", readerOptions),
    );
  }

  async append(documents: readonly RawDocument[]): Promise<AppendResult> {
    await this.#ready();
    const wantsChange = this.#listeners.size > 0;
    const batch = packDocuments(documents);
    const question = { ...batch, nowSeconds: this.#options.now() / 1000, wantsChange };
    const transfer = [batch.bytes.buffer, batch.ends.buffer];
    const { outcomes, change, parts } = await this.#writer.ask("append", question, { transfer });
    this.#parts = parts;
    tell(this.#listeners, change, this.#options.log);
    return { outcomes };
  }

  async readTraces(traceIds: readonly string[]): Promise<StoredTrace[]> {
    await this.#ready();
    return this.#reader().ask("traces", { query: traceIds, parts: this.#parts });
  }

  async findTraces(query: TraceQuery): Promise<TracePage> {
    await this.#ready();
    return this.#reader().ask("find", { query, parts: this.#parts });
  }

  async serviceGraph(query: GraphQuery, onPartial?: (graph: ServiceGraph) => void): Promise<ServiceGraph> {
    await this.#ready();
    const question = { query, parts: this.#parts, wantsPartials: onPartial !== undefined };
    return this.#reader().ask("graph", question, onPartial === undefined ? {} : { onPartial });
  }

  async timeSeries(query: TimeSeriesQuery): Promise<TimeSeriesPoint[]> {
    await this.#ready();
    return unpackSeries(await this.#reader().ask("series", { query, parts: this.#parts }));
  }

  async overview(
    query: OverviewQuery,
    onPartial?: (overview: Overview) => void,
    signal?: AbortSignal,
  ): Promise<Overview> {
    await this.#ready();
    // It is between partial answers that a question can be ended.
    const wantsPartials = onPartial !== undefined || signal !== undefined;
    const options = { ...(onPartial && { onPartial }), ...(signal && { signal }) };
    return this.#reader().ask("overview", { query, parts: this.#parts, wantsPartials }, options);
  }

  subscribe(listener: (change: StoreChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async usage(): Promise<StoreUsage> {
    await this.#ready();
    return usageOf(this.#parts);
  }

  async prune(nowSeconds: number): Promise<void> {
    await this.#ready();
    await this.#remove(await this.#writer.ask("prune", { nowSeconds }));
  }

  async clear(): Promise<void> {
    await this.#ready();
    await this.#remove(await this.#writer.ask("clear", undefined));
    tell(this.#listeners, allRemoved, this.#options.log);
  }

  async remove(traceIds: readonly string[]): Promise<number> {
    await this.#ready();
    const { count, change, parts } = await this.#writer.ask("takeOut", traceIds);
    this.#parts = parts;
    tell(this.#listeners, change, this.#options.log);
    return count;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Starts the writer at the first question, whatever it is: it takes the lock and knows which parts there are. */
  #ready(): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(closed());
    this.#opened ??= this.#openWriter();
    return this.#opened;
  }

  async #openWriter(): Promise<void> {
    if (this.#options.directory === undefined) process.once("exit", this.#removeDirectory);
    try {
      this.#parts = await this.#writer.ask("open", undefined);
    } catch (error) {
      // The next question tries again: whoever held the directory may be gone by then.
      this.#opened = undefined;
      await this.#writer.stop();
      throw error;
    }
  }

  /** Files go once no reader has them open. */
  async #remove({ removed, parts }: Removal): Promise<void> {
    this.#parts = parts;
    if (removed.length === 0) return;
    await Promise.all(
      this.#readers.filter((reader) => reader.isStarted).map((reader) => reader.ask("forget", removed)),
    );
    await this.#writer.ask("remove", removed);
  }

  #reader(): WorkerLine<ReaderProtocol> {
    return this.#readers.reduce((idlest, reader) => (reader.load < idlest.load ? reader : idlest));
  }

  async #close(): Promise<void> {
    if (this.#opened === undefined) return;
    await this.#opened.catch(() => {
      // It never opened; whoever asked was told.
    });
    const started = this.#readers.filter((reader) => reader.isStarted);
    await Promise.all(started.map((reader) => reader.ask("close", undefined)));
    await Promise.all(started.map((reader) => reader.stop()));
    if (this.#writer.isStarted) await this.#writer.ask("close", undefined);
    await this.#writer.stop();
    if (this.#options.directory !== undefined) return;
    process.off("exit", this.#removeDirectory);
    this.#removeDirectory();
  }
}

function writerOptions(options: EmbeddedOptions, directory: string): WriterOptions {
  const { retentionSeconds, maxBytes, partBytes = defaultPartBytes(maxBytes), runLength = usualRunLength } = options;
  return { directory, retentionSeconds, maxBytes, partBytes, runLength };
}

/** Retention by size drops whole parts: a sixteenth of the bound at a time, unless that makes many tiny files. */
function defaultPartBytes(maxBytes: number | undefined): number {
  const megabyte = 2 ** 20;
  if (maxBytes === undefined) return 1024 * megabyte;
  return Math.max(maxBytes / 16, Math.min(64 * megabyte, maxBytes / 4));
}

const closed = (): StoreError =>
  new StoreError("FLUORO_STORE_CLOSED", "The store is closed. Open it again before asking it.", { retryable: false });
