import { setImmediate } from "node:timers/promises";

/** A question may work this long before others in its thread have their turn: about as long as nobody notices. */
const turnMs = 8;
/** The clock is looked at every so many steps. */
const stepsPerLook = 32;

/** Lets long questions take turns with short ones in the same thread. */
export class Turns {
  #steps = 0;
  #endMs: number = performance.now() + turnMs;

  /** To be asked at every step; true when it is time to `pass` the turn. */
  isOver(): boolean {
    this.#steps += 1;
    return this.#steps % stepsPerLook === 0 && performance.now() >= this.#endMs;
  }

  async pass(): Promise<void> {
    await setImmediate();
    this.#endMs = performance.now() + turnMs;
  }
}
