import { defaultLocalRules, type LocalRules, type LocalTarget } from "./local-rules.ts";
import { matchesRule, type RulePatterns, type SamplingRequest } from "./match-rule.ts";
import { Reservoir } from "./reservoir.ts";

/** Decides by local rules, with one reservoir for each of them. State only. */
export class LocalSampler {
  readonly #rules: readonly { patterns: RulePatterns; rate: number; reservoir: Reservoir }[];

  constructor({ rules, otherwise }: LocalRules = defaultLocalRules) {
    this.#rules = [
      ...rules.map(({ host, httpMethod, urlPath, ...target }) => open({ host, httpMethod, urlPath }, target)),
      open({}, otherwise),
    ];
  }

  /** True if the request is to be recorded. `random` answers numbers from 0 to below 1. */
  decide(request: SamplingRequest, nowSeconds: number, random: () => number): boolean {
    // The last rule fits everything.
    const { rate, reservoir } = this.#rules.find(({ patterns }) => matchesRule(patterns, request))!;
    return reservoir.take(nowSeconds, false) !== undefined || random() < rate;
  }
}

function open(patterns: RulePatterns, { fixedTarget, rate }: LocalTarget) {
  const reservoir = new Reservoir();
  reservoir.setQuota(fixedTarget, Number.POSITIVE_INFINITY);
  return { patterns, rate, reservoir };
}
