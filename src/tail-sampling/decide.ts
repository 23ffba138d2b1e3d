import { Judge } from "../store/judge.ts";
import { assembleTrace } from "../trace/assemble-trace.ts";
import { digestTrace } from "../trace/digest-trace.ts";
import type { Segment } from "../trace/segment.ts";
import { tracePlace } from "../xray/trace-place.ts";
import type { KeepPolicy } from "./keep-policy.ts";

/** What becomes of a trace. */
export interface Decision {
  /** How many traces it stands for, itself included; 0: it is dropped. */
  readonly weight: number;
  /** Index of the rule that decided; absent where none matched. */
  readonly rule?: number;
}

/** Decides by a policy. The same segments of the same trace get the same decision, wherever and whenever it is made. */
export class Decider {
  readonly #judges: readonly Judge[];
  readonly #policy: KeepPolicy;

  constructor(policy: KeepPolicy) {
    this.#policy = policy;
    this.#judges = policy.rules.map(({ filter }) => new Judge(filter));
  }

  decide(traceId: string, segments: readonly Segment[]): Decision {
    return this.byRule(traceId, segments) ?? { weight: weightBy(traceId, this.#policy.restShare) };
  }

  /** The first rule that matches decides; none may. */
  byRule(traceId: string, segments: readonly Segment[]): Decision | undefined {
    if (this.#judges.length === 0) return undefined;
    const digest = digestTrace(assembleTrace(traceId, segments), 1);
    const rule = this.#judges.findIndex((judge) => judge.lets(digest) && judge.holds(digest, () => segments));
    if (rule < 0) return undefined;
    return { weight: weightBy(traceId, this.#policy.rules[rule]!.share), rule };
  }
}

/**
 * The weight of a trace of which a share is kept, 0 for one that is not. 1/share is made a whole number trace by trace, by
 * the place of each: of 30 % two in three kept traces stand for 3, the third for 4. So figures are whole, and right in the
 * mean.
 */
export function weightBy(traceId: string, share: number): number {
  if (share >= 1) return 1;
  const place = tracePlace(traceId);
  if (place >= share) return 0;
  const exact = 1 / share;
  const whole = Math.floor(exact);
  return place / share < exact - whole ? whole + 1 : whole;
}
