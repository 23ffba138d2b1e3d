import { defaultRule, type SamplingRule } from "../sampling/rule.ts";
import type { Settings, StoredRule } from "../settings/settings.ts";
import { type ArnConfig, ruleArn } from "./arns.ts";
import { invalidRequest } from "./aws-errors.ts";
import { type Check, integer, map, number, type OptionalCheck, object, optional, text } from "./validate.ts";
import type { WireSamplingRuleRecord } from "./wire.ts";

/** `SamplingRateBoost` of a request. */
export const boostMember: Check<{ MaxRate: number; CooldownWindowMinutes: number }> = object({
  MaxRate: number({ min: 0, max: 1 }),
  CooldownWindowMinutes: integer({ min: 0 }),
});

type RuleTextMember = "ResourceARN" | "ServiceName" | "ServiceType" | "Host" | "HTTPMethod" | "URLPath";
type RuleNumberMember = "Priority" | "FixedRate" | "ReservoirSize";

const attribute = text({ min: 1, max: 32 });

/** What a rule matches, and how much of it is sampled, with AWS's limits. */
export const ruleMembers: Readonly<Record<RuleTextMember, Check<string>>> &
  Readonly<Record<RuleNumberMember, Check<number>>> = {
  ResourceARN: text({ max: 500 }),
  Priority: integer({ min: 1, max: 10_000 }),
  FixedRate: number({ min: 0, max: 1 }),
  ReservoirSize: integer({ min: 0, max: 2 ** 31 - 1 }),
  ServiceName: text({ max: 64 }),
  ServiceType: text({ max: 64 }),
  Host: text({ max: 64 }),
  HTTPMethod: text({ max: 10 }),
  URLPath: text({ max: 128 }),
};
/** `Attributes` of a request. */
export const attributesMember: Check<Readonly<Record<string, string>>> = map(attribute, { key: attribute, max: 5 });

/** The members by which an operation names a rule. */
interface RuleReference {
  readonly RuleName?: string;
  readonly RuleARN?: string;
}

/** Their limits. */
export const ruleReference: { RuleName: OptionalCheck<string>; RuleARN: OptionalCheck<string> } = {
  RuleName: optional(text({ min: 1, max: 32 })),
  RuleARN: optional(text()),
};

/** The rule that is named by exactly one of name and ARN. There is no "not found" among the errors of these operations. */
export function findRule(settings: Settings, { RuleName, RuleARN }: RuleReference, config: ArnConfig): StoredRule {
  if ((RuleName === undefined) === (RuleARN === undefined)) {
    throw invalidRequest("Exactly one of RuleName and RuleARN must be given.");
  }
  const found = settings.samplingRules.find(({ rule }) =>
    RuleName === undefined ? ruleArn(rule.name, config) === RuleARN : rule.name === RuleName,
  );
  if (found === undefined) {
    throw invalidRequest(`Sampling rule not found: there is no ${JSON.stringify(RuleName ?? RuleARN)}.`);
  }
  return found;
}

/** True of the rule that is always there. */
export function isDefault({ name }: SamplingRule): boolean {
  return name === defaultRule.name;
}

/** The settings with other rules; samplers hear of it with their next report. */
export function withRules(settings: Settings, samplingRules: readonly StoredRule[], nowSeconds: number): Settings {
  return { ...settings, samplingRules, rulesModifiedSeconds: nowSeconds };
}

/** In AWS's spelling. SDKs skip a rule of which any member is missing, empty `Attributes` included. */
export function wireRuleRecord(
  { rule, boost, createdSeconds, modifiedSeconds }: StoredRule,
  config: ArnConfig,
): WireSamplingRuleRecord {
  return {
    SamplingRule: {
      RuleName: rule.name,
      RuleARN: ruleArn(rule.name, config),
      ResourceARN: rule.resourceArn,
      Priority: rule.priority,
      FixedRate: rule.fixedRate,
      ReservoirSize: rule.reservoirSize,
      ServiceName: rule.serviceName,
      ServiceType: rule.serviceType,
      Host: rule.host,
      HTTPMethod: rule.httpMethod,
      URLPath: rule.urlPath,
      Version: rule.version,
      Attributes: rule.attributes,
      ...(boost !== undefined && {
        SamplingRateBoost: { MaxRate: boost.maxRate, CooldownWindowMinutes: boost.cooldownMinutes },
      }),
    },
    CreatedAt: createdSeconds,
    ModifiedAt: modifiedSeconds,
  };
}
