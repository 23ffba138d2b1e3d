import type { Decision } from "./decide.ts";

/** So many decisions are remembered of each kind, the last ones: some 10 MB of each. */
const usualBound = 100_000;

/**
 * What was decided lately, for documents that come late. What a rule decided is remembered apart, and so for longer:
 * the others can be made again from the id alone.
 */
export class Decisions {
  readonly #byRule = new Map<string, Decision>();
  readonly #byShare = new Map<string, Decision>();
  readonly #bound: number;
  readonly #lump: number;

  constructor(bound: number = usualBound) {
    this.#bound = bound;
    this.#lump = Math.ceil(bound / 10);
  }

  get(traceId: string): Decision | undefined {
    return this.#byRule.get(traceId) ?? this.#byShare.get(traceId);
  }

  set(traceId: string, decision: Decision): void {
    this.#byShare.delete(traceId);
    this.#byRule.delete(traceId);
    const kind = decision.rule === undefined ? this.#byShare : this.#byRule;
    kind.set(traceId, decision);
    if (kind.size > this.#bound + this.#lump) this.#forgetOldest(kind);
  }

  /** Many at a time: looking for the oldest of a map costs as much as there were older ones. */
  #forgetOldest(kind: Map<string, Decision>): void {
    for (const oldest of kind.keys()) {
      if (kind.size <= this.#bound) break;
      kind.delete(oldest);
    }
  }
}
