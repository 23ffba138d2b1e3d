import type { WireTraceSummary } from "../../api/wire.ts";
import { mostArrived } from "./arrived.ts";
import { Pace } from "./pace.ts";

/** What comes in faster than that is shown together: a list that is drawn more often is not read any sooner. */
const togetherMs = 500;

/** Traces that come in, handed on at a pace at which they can be shown. */
export class Arrivals {
  readonly #pace: Pace;
  /** Newest first. */
  #waiting: readonly WireTraceSummary[] = [];

  constructor(take: (summaries: readonly WireTraceSummary[]) => void) {
    this.#pace = new Pace(async () => {
      const taken = this.#waiting;
      this.#waiting = [];
      take(taken);
    }, togetherMs);
  }

  /** Newest first, as the server sends them. */
  add(summaries: readonly WireTraceSummary[]): void {
    this.#waiting = [...summaries, ...this.#waiting].slice(0, mostArrived);
    this.#pace.ask();
  }

  close(): void {
    this.#pace.close();
  }
}
