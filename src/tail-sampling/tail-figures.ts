import type { Decision } from "./decide.ts";
import type { KeepPolicy } from "./keep-policy.ts";

/** What tail sampling does and has done since the start. In documents `taken = waiting + kept + dropped` at any moment. */
export interface TailFigures {
  /** As they were written, in their order. */
  readonly rules: readonly KeptBy[];
  /** Of traces that no rule matched. */
  readonly rest: Omit<KeptBy, "rule">;
  readonly documents: {
    /** Those that an earlier run had left waiting included. */
    readonly taken: number;
    /** For the decision on their trace, or after it for the store. */
    readonly waiting: number;
    /** In the store. */
    readonly kept: number;
    readonly dropped: number;
    /** Of all these, those that came when their trace was decided already. */
    readonly late: number;
  };
  readonly waitingTraces: number;
  readonly waitingBytes: number;
  readonly droppedTraces: number;
  /** Decided before their time, since more waited than may. */
  readonly earlyTraces: number;
  /** Dropped, or kept for others too, until a late document matched a rule: what came from then on is kept. */
  readonly rescuedTraces: number;
}

interface KeptBy {
  readonly rule: string;
  /** Of the traces that are decided by it, those that are kept: 0 to 1. */
  readonly share: number;
  readonly keptTraces: number;
}

/** Counts for `TailFigures`. */
export class TailCounts {
  taken = 0;
  kept = 0;
  dropped = 0;
  late = 0;
  droppedTraces = 0;
  earlyTraces = 0;
  rescuedTraces = 0;
  readonly #policy: KeepPolicy;
  readonly #keptBy: number[];
  #keptRest = 0;

  constructor(policy: KeepPolicy) {
    this.#policy = policy;
    this.#keptBy = policy.rules.map(() => 0);
  }

  decided({ weight, rule }: Decision): void {
    if (weight === 0) this.droppedTraces += 1;
    else if (rule === undefined) this.#keptRest += 1;
    else this.#keptBy[rule] = (this.#keptBy[rule] ?? 0) + 1;
  }

  figures(waiting: { readonly traces: number; readonly bytes: number }): TailFigures {
    const { taken, kept, dropped, late, droppedTraces, earlyTraces, rescuedTraces } = this;
    const { rules, restShare } = this.#policy;
    return {
      rules: rules.map(({ text, share }, at) => ({ rule: text, share, keptTraces: this.#keptBy[at]! })),
      rest: { share: restShare, keptTraces: this.#keptRest },
      documents: { taken, waiting: taken - kept - dropped, kept, dropped, late },
      waitingTraces: waiting.traces,
      waitingBytes: waiting.bytes,
      droppedTraces,
      earlyTraces,
      rescuedTraces,
    };
  }
}
