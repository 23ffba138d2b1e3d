import { setImmediate as nextTurn } from "node:timers/promises";

/** Long work is done in slices of this length; between them the loop turns, and datagrams are read. */
const sliceMs = 8;

/** For long work on this thread: `if (breather.isDue()) await breather.breathe()` between its steps. */
export class Breather {
  #sliceEndsMs: number = performance.now() + sliceMs;

  isDue(): boolean {
    return performance.now() >= this.#sliceEndsMs;
  }

  async breathe(): Promise<void> {
    await nextTurn();
    this.#sliceEndsMs = performance.now() + sliceMs;
  }
}
