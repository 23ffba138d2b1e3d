/** A document that waits for the decision on its trace, and where it lies on disk. */
export interface Held<P> {
  readonly bytes: Uint8Array;
  readonly pack: P;
}

/** All that has come of a trace on which nothing is decided yet. */
export interface HeldTrace<P> {
  readonly id: string;
  readonly documents: Held<P>[];
  readonly firstMs: number;
  lastMs: number;
}

/** When a trace has waited enough. */
export interface Waits {
  /** After its last document. */
  readonly quietMs: number;
  /** After its first one, whatever still comes. */
  readonly longestMs: number;
  /** Of all that wait together. */
  readonly maxBytes: number;
}

/** What a document takes in memory beside its bytes. */
const overheadBytes = 150;

/** Traces that wait for more of their documents, bounded in time and in bytes. */
export class WaitingRoom<P> {
  readonly #waits: Waits;
  /** In the order in which they have begun. */
  readonly #byFirst = new Map<string, HeldTrace<P>>();
  /** Those that have been quiet longest come first. */
  readonly #byLast = new Map<string, HeldTrace<P>>();
  #bytes = 0;
  #documents = 0;

  constructor(waits: Waits) {
    this.#waits = waits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get documents(): number {
    return this.#documents;
  }

  get traces(): number {
    return this.#byLast.size;
  }

  add(id: string, document: Held<P>, nowMs: number): void {
    let trace = this.#byLast.get(id);
    if (trace === undefined) {
      trace = { id, documents: [], firstMs: nowMs, lastMs: nowMs };
      this.#byFirst.set(id, trace);
    } else if (trace.lastMs !== nowMs) {
      this.#byLast.delete(id);
    }
    trace.lastMs = nowMs;
    trace.documents.push(document);
    this.#byLast.set(id, trace);
    this.#bytes += document.bytes.length + overheadBytes;
    this.#documents += 1;
  }

  /** Takes out, one by one, the traces whose time has come. */
  *due(nowMs: number): Generator<HeldTrace<P>> {
    for (const trace of this.#byLast.values()) {
      if (nowMs - trace.lastMs < this.#waits.quietMs) break;
      yield this.#take(trace);
    }
    for (const trace of this.#byFirst.values()) {
      if (nowMs - trace.firstMs < this.#waits.longestMs) break;
      yield this.#take(trace);
    }
  }

  /** Takes out, one by one, the traces that have been quiet longest, until no more wait than may. */
  *tooMany(): Generator<HeldTrace<P>> {
    for (const trace of this.#byLast.values()) {
      if (this.#bytes <= this.#waits.maxBytes) break;
      yield this.#take(trace);
    }
  }

  /** Takes out all, one by one. */
  *all(): Generator<HeldTrace<P>> {
    for (const trace of this.#byLast.values()) yield this.#take(trace);
  }

  /** Takes out a trace by its id. */
  take(id: string): HeldTrace<P> | undefined {
    const trace = this.#byLast.get(id);
    return trace && this.#take(trace);
  }

  #take(trace: HeldTrace<P>): HeldTrace<P> {
    this.#byFirst.delete(trace.id);
    this.#byLast.delete(trace.id);
    this.#documents -= trace.documents.length;
    for (const { bytes } of trace.documents) this.#bytes -= bytes.length + overheadBytes;
    return trace;
  }
}
