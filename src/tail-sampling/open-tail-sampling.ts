import { existsSync, readdirSync } from "node:fs";
import type { Log } from "../log.ts";
import { WorkerLine } from "../store/embedded/worker-line.ts";
import { packDocuments, unpackDocuments } from "../store/pack-documents.ts";
import type { AppendResult, RawDocument } from "../store/trace-store.ts";
import type { KeepPolicy } from "./keep-policy.ts";
import type { LogLine, PackedBatch, SamplerOptions, SamplerProtocol } from "./sampler-worker.ts";
import type { TailFigures } from "./tail-figures.ts";
import type { Waits } from "./waiting-room.ts";

/** Where kept documents go: the store, or the store and a way on. */
export interface Store {
  append(documents: readonly RawDocument[]): Promise<AppendResult>;
}

export interface TailSamplingOptions {
  readonly policy: KeepPolicy;
  readonly waits: Waits;
  /** Where what waits lies on disk; absent: in memory, as with a store that keeps nothing. */
  readonly folder: string | undefined;
  readonly store: Store;
  readonly log: Log;
}

/** How often it is looked whether something is due. */
const lookMs = 200;
const firstPauseMs = 100;
const longestPauseMs = 5_000;
const summaryMs = 60_000;

/**
 * Tail sampling in front of a store: stands where the store does at the door, and hands on to it the traces that are kept,
 * whole. A thread of its own reads, holds and decides. Rejects where the folder cannot be used.
 */
export async function openTailSampling(options: TailSamplingOptions): Promise<TailSampling> {
  const tail = new TailSampling(options);
  await tail.open();
  return tail;
}

/** Whether an earlier run has left documents that still wait for a decision. */
export function hasHeld(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith(".spill"));
}

/** Keeps all that an earlier run with tail sampling has left, for one without it. */
export async function keepHeld(options: Omit<TailSamplingOptions, "policy" | "waits">): Promise<number> {
  const waits = { quietMs: 0, longestMs: 0, maxBytes: Number.POSITIVE_INFINITY };
  const tail = await openTailSampling({ ...options, waits, policy: { rules: [], restShare: 1 } });
  const { documents } = tail.figures();
  await tail.close({ decides: true });
  return documents.taken;
}

/** Use `openTailSampling`. */
export class TailSampling {
  readonly #store: Store;
  readonly #log: Log;
  readonly #line: WorkerLine<SamplerProtocol>;
  readonly #isOnDisk: boolean;
  #figures: TailFigures | undefined;
  #told: Told = { early: 0, dropped: 0, atMs: performance.now() };
  #looking: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #endPause: (() => void) | undefined;
  #isClosing = false;
  #closed: Promise<void> | undefined;

  constructor({ policy, waits, folder, store, log }: TailSamplingOptions) {
    this.#store = store;
    this.#log = log;
    this.#isOnDisk = folder !== undefined;
    const data: SamplerOptions = { policy, waits, folder };
    const onNews = ({ level, fields, message }: LogLine): void => log[level](fields, message);
    this.#line = new WorkerLine("sampler-worker", data, onNews, import.meta.url);
  }

  async open(): Promise<void> {
    try {
      this.#figures = await this.#line.ask("open", undefined);
    } catch (error) {
      await this.#line.stop();
      throw error;
    }
    this.#lookLater();
  }

  /** As a store's: resolves when the documents are on disk, and answers each. */
  async append(documents: readonly RawDocument[]): Promise<AppendResult> {
    const packed = packDocuments(documents);
    const outcomes = await this.#line.ask("take", packed, { transfer: [packed.bytes.buffer, packed.ends.buffer] });
    return { outcomes };
  }

  /** As they were at the last look, a moment ago. */
  figures(): TailFigures {
    return this.#figures!;
  }

  /**
   * Takes nothing more. What waits stays on disk for the next run; where there is no disk, or with `decides`, it is decided
   * now and what is kept goes to the store. May be called twice.
   */
  close({ decides = !this.#isOnDisk }: { readonly decides?: boolean } = {}): Promise<void> {
    this.#closed ??= this.#close(decides);
    return this.#closed;
  }

  async #close(decides: boolean): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    this.#endPause?.();
    await this.#looking;
    try {
      if (decides) await this.#look(true);
      await this.#line.ask("close", undefined);
    } catch (error) {
      this.#log.warn({ error: textOf(error) }, "what waited for tail sampling could not be handed on");
    }
    await this.#line.stop();
  }

  #lookLater(): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.#look(false).catch((error: unknown) => {
        this.#log.warn({ error: textOf(error) }, "tail sampling could not decide, and tries again");
      });
      void this.#looking.then(() => {
        if (!this.#isClosing) this.#lookLater();
      });
    }, lookMs).unref();
  }

  /** Decides what is due, and hands on what is kept, batch by batch. */
  async #look(all: boolean): Promise<void> {
    for (let hasMore = true; hasMore; ) {
      const batch = await this.#line.ask("decide", { all });
      this.#figures = batch.figures;
      hasMore = batch.hasMore;
      if (batch.documents.ends.length > 0 && !(await this.#deliver(batch))) return;
    }
    this.#tellOften(this.figures());
  }

  /** Tries until the store has the batch. False when fluoroscope ends first: the next run has it then. */
  async #deliver({ number, documents }: PackedBatch): Promise<boolean> {
    let pauseMs = firstPauseMs;
    for (;;) {
      try {
        await this.#store.append(unpackDocuments(documents));
        this.#figures = await this.#line.ask("delivered", number);
        return true;
      } catch (error) {
        const fields = { error: textOf(error), documents: documents.ends.length, goesOn: !this.#isClosing };
        this.#log.warn(fields, "what tail sampling has kept could not be written to the store");
        if (this.#isClosing) return false;
        await this.#pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  }

  /** Ends early when fluoroscope ends. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** What people should know, once a minute at most: that traces were dropped, and that some had less time than they should. */
  #tellOften({ earlyTraces, droppedTraces, waitingBytes }: TailFigures): void {
    const nowMs = performance.now();
    if (nowMs - this.#told.atMs < summaryMs) return;
    const [early, dropped] = [earlyTraces - this.#told.early, droppedTraces - this.#told.dropped];
    this.#told = { early: earlyTraces, dropped: droppedTraces, atMs: nowMs };
    if (dropped > 0) this.#log.info({ traces: dropped }, "tail sampling dropped traces, and others stand for them");
    if (early === 0) return;
    const remedy = "give them more room (--hold-bytes), or a shorter time (--decide-after)";
    this.#log.warn({ traces: early, waitingBytes, remedy }, "traces were decided before their time, too many wait");
  }
}

interface Told {
  readonly early: number;
  readonly dropped: number;
  readonly atMs: number;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
