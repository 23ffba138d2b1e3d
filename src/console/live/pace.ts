/**
 * Does something when asked to, but not more often than each so many milliseconds, a second unless told otherwise, and when
 * doing it takes long, not more than a third of the time.
 */
export class Pace {
  readonly #act: () => Promise<void>;
  readonly #shortestMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isBusy = false;
  #isAsked = false;
  #isClosed = false;
  #restMs = 0;

  constructor(act: () => Promise<void>, shortestMs = 1_000) {
    this.#act = act;
    this.#shortestMs = shortestMs;
  }

  ask(): void {
    this.#isAsked = true;
    if (!this.#isBusy && this.#timer === undefined) void this.#run();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#isAsked = false;
    this.#isBusy = true;
    const startedMs = performance.now();
    try {
      await this.#act();
    } finally {
      this.#isBusy = false;
      const tookMs = performance.now() - startedMs;
      this.#restMs = Math.max(this.#shortestMs - tookMs, tookMs * 2);
      if (!this.#isClosed) this.#timer = setTimeout(() => this.#rested(), this.#restMs);
    }
  }

  #rested(): void {
    this.#timer = undefined;
    if (this.#isAsked) void this.#run();
  }
}
