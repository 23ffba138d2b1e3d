import type { RawDocument, Refusal } from "../store/trace-store.ts";

/** A document on its way to the store. */
export interface Waiting extends RawDocument {
  readonly source: string;
  /** Somebody waits for the outcome (HTTP); nobody does on UDP. */
  readonly settle?: (outcome: Refusal | undefined) => void;
}

/** What a batch holds at most, where nobody says otherwise. */
const batchDocuments = 4_000;
const batchBytes = 8 * 2 ** 20;
/** Each batch has a price of its own, so documents that nobody waits for wait for company: this long when it is quiet, */
const lingerMs = 4;
/** and under load until the last batch began this long ago. */
const batchGapMs = 100;

/** Documents that wait, bounded by their bytes; those of the batch under way count until they are released. */
export class WaitingQueue {
  readonly #maxBytes: number;
  readonly #batchDocuments: number;
  #documents: Waiting[] = [];
  #bytes = 0;
  #inFlight = 0;
  #batchStartedMs = Number.NEGATIVE_INFINITY;
  #endGathering: (() => void) | undefined;

  constructor(maxBytes: number, maxBatchDocuments: number = batchDocuments) {
    this.#maxBytes = maxBytes;
    this.#batchDocuments = maxBatchDocuments;
  }

  /** All that wait, and those of the batch under way. */
  get count(): number {
    return this.#documents.length + this.#inFlight;
  }

  get isEmpty(): boolean {
    return this.#documents.length === 0;
  }

  /** How full it is: 0 to 1. */
  get fill(): number {
    return this.#bytes / this.#maxBytes;
  }

  hasRoom(bytes: number): boolean {
    return this.#bytes + bytes <= this.#maxBytes;
  }

  push(document: Waiting): void {
    this.#bytes += document.bytes.length;
    this.#documents.push(document);
    if (document.settle !== undefined || this.#documents.length >= this.#batchDocuments) this.hurry();
  }

  /** Lets the batch that gathers go at once. */
  hurry(): void {
    this.#endGathering?.();
  }

  /** Waits for company, unless there is a batch full already or somebody waits for an answer. */
  async gather(): Promise<void> {
    const isDue = this.#documents.length >= this.#batchDocuments || this.#documents.some(({ settle }) => settle);
    if (!isDue) {
      const sinceLastMs = performance.now() - this.#batchStartedMs;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(lingerMs, batchGapMs - sinceLastMs));
        this.#endGathering = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#endGathering = undefined;
    }
    this.#batchStartedMs = performance.now();
  }

  /** The oldest that make a batch. */
  take(): Waiting[] {
    let count = 0;
    let bytes = 0;
    while (count < this.#documents.length && count < this.#batchDocuments && bytes < batchBytes) {
      bytes += this.#documents[count]!.bytes.length;
      count += 1;
    }
    const batch = this.#documents.slice(0, count);
    this.#documents = this.#documents.slice(count);
    this.#inFlight += batch.length;
    return batch;
  }

  /** All whose outcome somebody waits for. */
  takeWaitedFor(): Waiting[] {
    const taken = this.#documents.filter(({ settle }) => settle !== undefined);
    this.#documents = this.#documents.filter(({ settle }) => settle === undefined);
    this.#inFlight += taken.length;
    return taken;
  }

  /** A document of a batch has found its end, whichever it was. */
  release(document: Waiting): void {
    this.#inFlight -= 1;
    this.#bytes -= document.bytes.length;
  }
}
