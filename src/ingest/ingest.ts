import { StoreError } from "../errors.ts";
import { type Log, silentLog } from "../log.ts";
import { traceIdIn } from "../store/trace-id-in.ts";
import type { AppendResult, RawDocument, Refusal } from "../store/trace-store.ts";
import type { Problem } from "../trace/problem.ts";
import { type KeptProblem, ProblemRing } from "./problem-ring.ts";
import { Shedder } from "./shedder.ts";
import { type Waiting, WaitingQueue } from "./waiting-queue.ts";

/**
 * What became of everything that came in, at any moment, in documents:
 * `received = accepted + refused` and `accepted = stored + dropped + waiting`.
 */
export interface Counters {
  readonly received: number;
  /** Not (or not yet) found wrong. */
  readonly accepted: number;
  /** Not understood: the sender's mistake, explained in the problems. */
  readonly refused: number;
  /** Turned away by a full queue or a failing store, or shed: not the sender's mistake. Problems tell them apart. */
  readonly dropped: number;
  /** In the queue or being written. */
  readonly waiting: number;
  /** On disk. */
  readonly stored: number;
}

export interface IngestOptions {
  /** Bound of everything that waits, documents in the batch under way included. */
  readonly queueBytes?: number;
  /** Most that go to the sink at a time. So many do not wait for more. */
  readonly batchDocuments?: number;
  /** How to say that a document was turned away by that bound. */
  readonly fullText?: string;
  /** Lets go of whole traces when the queue is nearly full, where nobody waits for the answer. */
  readonly shedsTraces?: boolean;
  readonly log?: Log;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** Where documents go: a `TraceStore`, or a way out. */
export interface Sink {
  append(documents: readonly RawDocument[]): Promise<AppendResult>;
}

/** Attempts after which those who wait for an answer are told; what nobody waits for is tried until there is room again. */
const attemptsBeforeAnswer = 4;
const failingMs = 15_000;
const firstPauseMs = 50;
const longestPauseMs = 2_000;

/**
 * The one door: every document passes here, whatever it came in. `accept` and `acceptAll` only count, bound and queue;
 * one batch at a time is on its way to the store, and the next grows meanwhile, so batches are as large as the load asks.
 */
export class Ingest {
  readonly #sink: Sink;
  readonly #queue: WaitingQueue;
  readonly #fullText: string;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #problems: ProblemRing = new ProblemRing();
  readonly #shedder: Shedder | undefined;

  #running: Promise<void> | undefined;
  #endPause: (() => void) | undefined;
  #closing = false;
  #failedMs = Number.NEGATIVE_INFINITY;

  #received = 0;
  #refused = 0;
  #dropped = 0;
  #stored = 0;

  constructor(sink: Sink, options: IngestOptions = {}) {
    this.#sink = sink;
    this.#queue = new WaitingQueue(options.queueBytes ?? 64 * 2 ** 20, options.batchDocuments);
    this.#fullText =
      options.fullText ?? "More came in than could be written, and the queue is full (see --queue-bytes).";
    this.#shedder = options.shedsTraces ? new Shedder() : undefined;
    this.#log = options.log ?? silentLog;
    this.#now = options.now ?? Date.now;
  }

  /** Takes a document that nobody waits for. The bytes are handed over: the sender must not change them. */
  accept(bytes: Uint8Array, source: string): void {
    this.#received += 1;
    if (!this.#hasRoom(bytes.length)) this.#drop({ bytes, source }, this.#turnedAway());
    else if (this.#sheds(bytes)) this.#drop({ bytes, source }, shed);
    else this.#push({ bytes, source });
  }

  /** Counts and keeps what was found wrong before it was a document: a packet without a header, say. */
  refuse(problem: Problem, bytes: Uint8Array, source: string): void {
    this.#received += 1;
    this.#refuse(problem, bytes, source);
  }

  /** Takes all or, when they do not fit, none. Resolves when they are on disk: one outcome per document, in order. */
  acceptAll(documents: readonly Uint8Array[], source: string): Promise<readonly (Refusal | undefined)[]> {
    this.#received += documents.length;
    const size = documents.reduce((sum, bytes) => sum + bytes.length, 0);
    if (!this.#hasRoom(size)) {
      const problem = this.#turnedAway();
      for (const bytes of documents) this.#drop({ bytes, source }, problem);
      return Promise.resolve(documents.map(() => ({ problem })));
    }
    return Promise.all(
      documents.map((bytes) => new Promise<Refusal | undefined>((settle) => this.#push({ bytes, source, settle }))),
    );
  }

  counters(): Counters {
    return {
      received: this.#received,
      accepted: this.#received - this.#refused,
      refused: this.#refused,
      dropped: this.#dropped,
      waiting: this.#queue.count,
      stored: this.#stored,
    };
  }

  /** The newest 200, newest first. */
  problems(): KeptProblem[] {
    return this.#problems.list();
  }

  /** Problems since the start by code. */
  problemCounts(): Readonly<Record<string, number>> {
    return this.#problems.counts();
  }

  /**
   * True while the store does not take what it is given. Not for long after the last attempt: who is sent nothing because
   * of it would never find out that it is over.
   */
  get isFailing(): boolean {
    return this.#now() - this.#failedMs < failingMs;
  }

  /** Writes what waits, then takes nothing more. May be called twice. A store that keeps failing is not waited for. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#queue.hurry();
    this.#endPause?.();
    await this.#running;
  }

  #turnedAway(): Problem {
    const message = this.#closing ? "This came while fluoroscope was stopping." : this.#fullText;
    return { code: "QueueFull", path: "", message };
  }

  /** Whether the document is of a trace that has to go. What does not say its trace goes when the queue is full. */
  #sheds(bytes: Uint8Array): boolean {
    const shedder = this.#shedder;
    if (shedder === undefined) return false;
    if (shedder.look(this.#queue.fill, this.#now())) {
      const percent = Math.round(shedder.share * 100);
      this.#log.warn(
        { percent },
        "the share of traces that are shed has changed, since the queue is nearly full or was",
      );
    }
    if (shedder.share === 0) return false;
    const traceId = traceIdIn(bytes);
    return traceId !== undefined && shedder.sheds(traceId);
  }

  #hasRoom(bytes: number): boolean {
    return !this.#closing && this.#queue.hasRoom(bytes);
  }

  #push(document: Waiting): void {
    this.#queue.push(document);
    this.#running ??= this.#run();
  }

  /** Writes batch after batch until nothing waits. */
  async #run(): Promise<void> {
    while (!this.#queue.isEmpty) {
      if (!this.#closing) await this.#queue.gather();
      await this.#write(this.#queue.take());
    }
    this.#running = undefined;
  }

  async #write(batch: Waiting[]): Promise<void> {
    let pauseMs = firstPauseMs;
    for (let attempt = 1; batch.length > 0; attempt += 1) {
      try {
        const { outcomes } = await this.#sink.append(batch);
        batch.forEach((document, index) => {
          this.#settle(document, outcomes[index]);
        });
        this.#failedMs = Number.NEGATIVE_INFINITY;
        break;
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        this.#failedMs = this.#now();
        const goesOn = isRetryable(error) && !this.#closing;
        this.#log.warn({ error: text, documents: batch.length, attempt, goesOn }, "writing to the store failed");
        if (attempt >= attemptsBeforeAnswer) batch = [...batch, ...this.#queue.takeWaitedFor()];
        batch = this.#giveUp(batch, text, (document) => !goesOn || waitsTooLong(document, attempt));
        if (batch.length > 0) await this.#pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  }

  #giveUp(batch: Waiting[], text: string, isHopeless: (document: Waiting) => boolean): Waiting[] {
    const problem: Problem = { code: "StoreFailed", path: "", message: `The store could not write this: ${text}` };
    const kept: Waiting[] = [];
    for (const document of batch) {
      if (!isHopeless(document)) {
        kept.push(document);
        continue;
      }
      this.#queue.release(document);
      this.#drop(document, problem);
      document.settle?.({ problem });
    }
    return kept;
  }

  #settle(document: Waiting, outcome: Refusal | undefined): void {
    this.#queue.release(document);
    if (outcome === undefined) this.#stored += 1;
    else this.#refuse(outcome.problem, document.bytes, document.source, outcome.segmentId);
    document.settle?.(outcome);
  }

  #refuse(problem: Problem, bytes: Uint8Array, source: string, segmentId?: string): void {
    this.#refused += 1;
    this.#problems.keep(problem, bytes, source, this.#now() / 1000, segmentId);
  }

  #drop(document: Waiting, problem: Problem): void {
    this.#dropped += 1;
    this.#problems.keep(problem, document.bytes, document.source, this.#now() / 1000);
  }

  /** Ends early when the door closes. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

const shed: Problem = {
  code: "Shed",
  path: "",
  message:
    "More comes in than can be written, so some traces are left out whole, chosen by their ids (see --queue-bytes).",
};

function isRetryable(error: unknown): boolean {
  return error instanceof StoreError && error.retryable;
}

function waitsTooLong(document: Waiting, attempt: number): boolean {
  return document.settle !== undefined && attempt >= attemptsBeforeAnswer;
}
