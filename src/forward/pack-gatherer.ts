import { type Pack, packOf } from "./pack.ts";
import { maxBytes, maxDocuments } from "./way-out.ts";

export interface PackGathererOptions {
  readonly onSealed: (pack: Pack) => void;
  /** True while requests are under way: then nobody is kept waiting by a pack that fills. */
  readonly isBusy: () => boolean;
  readonly now: () => number;
}

/** A document waits for company so long at most: briefly while nothing else goes on, since people watch. */
const idleMs = 100;
const busyMs = 1_000;

/** Gathers documents into packs. One timer runs, and only while something waits. */
export class PackGatherer {
  readonly #options: PackGathererOptions;
  #documents: Uint8Array[] = [];
  #bytes = 0;
  #sinceMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PackGathererOptions) {
    this.#options = options;
  }

  add(document: Uint8Array): void {
    if (this.#bytes + document.length > maxBytes) this.seal();
    if (this.#documents.length === 0) this.#sinceMs = this.#options.now();
    this.#documents.push(document);
    this.#bytes += document.length;
    if (this.#documents.length === maxDocuments || this.#bytes >= maxBytes) this.seal();
    else if (this.#timer === undefined) this.#wait(idleMs);
  }

  /** Closes the pack that is being gathered, if there is one. */
  seal(): void {
    if (this.#documents.length === 0) return;
    const pack = packOf(this.#documents);
    this.#documents = [];
    this.#bytes = 0;
    this.#options.onSealed(pack);
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#documents.length === 0) return;
      const age = this.#options.now() - this.#sinceMs;
      const due = this.#options.isBusy() ? busyMs : idleMs;
      // Timers fire a little early by another clock.
      if (age >= due - 2) this.seal();
      else this.#wait(Math.min(idleMs, due - age));
    }, ms).unref();
  }
}
