import { defaultRule, type SamplingRule } from "../sampling/rule.ts";
import { SamplingTargets } from "../sampling/targets.ts";

/** The rules that SDKs are given, and what is known of the clients that follow them. */
export interface SamplingRules {
  readonly rules: readonly SamplingRule[];
  readonly targets: SamplingTargets;
  /** Clients that asked before this ask again. */
  readonly modifiedSeconds: number;
}

/** The default rule alone, as it is on AWS before anybody adds one. */
export function defaultSampling(): SamplingRules {
  return { rules: [defaultRule], targets: new SamplingTargets(), modifiedSeconds: 0 };
}
