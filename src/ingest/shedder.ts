import { tracePlace } from "../xray/trace-place.ts";

/** From here on the queue sheds; were it to wait until it is full, it could not choose any more. */
const startsAt = 0.75;
/** The share that is shed goes up in steps: each change breaks the traces that are under way when it comes. */
const step = 1 / 16;
/** It goes down when less has been enough for so long, since documents of one trace come over seconds. */
const restMs = 10_000;

/**
 * Says which documents to let go of when more comes than can be written: those of whole traces, by their ids, rather than
 * some of every trace. It is those that a share of the rest would drop first, so that both together drop the fewest.
 */
export class Shedder {
  #share = 0;
  /** The most that was wanted since the share was last looked at again. */
  #wanted = 0;
  #sinceMs = 0;

  /** Of all traces, those that are shed at present: 0 to 1. */
  get share(): number {
    return this.#share;
  }

  /** Takes note of how full the queue is, 0 to 1. Answers true when the share has changed. */
  look(fill: number, nowMs: number): boolean {
    if (fill <= startsAt && this.#share === 0) return false;
    const wanted = Math.min(1, Math.ceil(Math.max(0, fill - startsAt) / (1 - startsAt) / step) * step);
    const before = this.#share;
    this.#wanted = Math.max(this.#wanted, wanted);
    if (wanted > this.#share) {
      this.#share = wanted;
      this.#sinceMs = nowMs;
    } else if (nowMs - this.#sinceMs >= restMs) {
      this.#share = this.#wanted;
      this.#wanted = 0;
      this.#sinceMs = nowMs;
    }
    return this.#share !== before;
  }

  /** Whether documents of the trace are let go of. */
  sheds(traceId: string): boolean {
    return tracePlace(traceId) >= 1 - this.#share;
  }
}
