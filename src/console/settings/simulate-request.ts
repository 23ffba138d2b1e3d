import { matchesRule, type RulePatterns, type SamplingRequest } from "../../sampling/match-rule.ts";
import { inOrder, isForSdks, type SamplingRule } from "../../sampling/rule.ts";

/** What a rule says of a request, in the order in which rules are tried. */
export interface RuleVerdict {
  readonly rule: SamplingRule;
  /** It is this rule that decides; or it does not fit; or an earlier one has decided; or SDKs do not take it at all. */
  readonly outcome: "decides" | "does not fit" | "not reached" | "not for SDKs";
  /** The members of the request that do not fit its patterns. */
  readonly misfits: readonly RuleMember[];
}

export type RuleMember = keyof RulePatterns;

const members: readonly RuleMember[] = ["serviceName", "serviceType", "host", "httpMethod", "urlPath"];

/** Which rule a request would hit, and why no earlier one: as SDKs decide it. */
export function simulateRequest(rules: readonly SamplingRule[], request: SamplingRequest): RuleVerdict[] {
  let isDecided = false;
  return inOrder(rules).map((rule) => {
    const misfits = members.filter((member) => !matchesRule({ [member]: rule[member] }, request));
    if (!isForSdks(rule)) return { rule, outcome: "not for SDKs", misfits };
    if (isDecided) return { rule, outcome: "not reached", misfits };
    isDecided = matchesRule(rule, request);
    return { rule, outcome: isDecided ? "decides" : "does not fit", misfits };
  });
}

/** How many of so many requests a second a rule records, by one sampler that has all of its reservoir. */
export function recordedPerSecond({ reservoirSize, fixedRate }: SamplingRule, perSecond: number): number {
  const first = Math.min(perSecond, reservoirSize);
  return first + (perSecond - first) * fixedRate;
}
