import type { SamplingRule } from "../../sampling/rule.ts";
import type { StoredRule } from "../../settings/settings.ts";
import { invalidRequest } from "../aws-errors.ts";
import { type Operation, operation } from "../operation.ts";
import {
  attributesMember,
  boostMember,
  findRule,
  isDefault,
  ruleMembers,
  ruleReference,
  wireRuleRecord,
  withRules,
} from "../sampling-rules.ts";
import { object, optional } from "../validate.ts";

const { ResourceARN, Priority, FixedRate, ReservoirSize, ServiceName, ServiceType, Host, HTTPMethod, URLPath } =
  ruleMembers;

const request = object({
  SamplingRuleUpdate: object({
    ...ruleReference,
    ResourceARN: optional(ResourceARN),
    Priority: optional(Priority),
    FixedRate: optional(FixedRate),
    ReservoirSize: optional(ReservoirSize),
    ServiceName: optional(ServiceName),
    ServiceType: optional(ServiceType),
    Host: optional(Host),
    HTTPMethod: optional(HTTPMethod),
    URLPath: optional(URLPath),
    Attributes: optional(attributesMember),
    SamplingRateBoost: optional(boostMember),
  }),
});

/** Wire member to member of a rule. */
const names = {
  ResourceARN: "resourceArn",
  Priority: "priority",
  FixedRate: "fixedRate",
  ReservoirSize: "reservoirSize",
  ServiceName: "serviceName",
  ServiceType: "serviceType",
  Host: "host",
  HTTPMethod: "httpMethod",
  URLPath: "urlPath",
  Attributes: "attributes",
} as const satisfies Record<string, keyof SamplingRule>;

/** Changes what is given and leaves the rest. Of the rule `Default` only rate and reservoir can be changed. */
export const updateSamplingRule: Operation<"settings" | "config" | "now"> = operation({
  name: "UpdateSamplingRule",
  path: "/UpdateSamplingRule",
  access: "manage",
  request,
  run({ SamplingRuleUpdate: update }, { settings, config, now }) {
    const { RuleName, RuleARN, SamplingRateBoost: boost, ...given } = update;
    const reference = { ...(RuleName !== undefined && { RuleName }), ...(RuleARN !== undefined && { RuleARN }) };
    const members = Object.entries(given).filter(([, value]) => value !== undefined);
    const changes = Object.fromEntries(members.map(([key, value]) => [names[key as keyof typeof names], value]));
    return settings.change((all) => {
      const before = findRule(all, reference, config);
      checkChanges(before.rule, changes);
      const modifiedSeconds = now() / 1000;
      const after: StoredRule = {
        ...before,
        rule: { ...before.rule, ...changes },
        ...(boost && { boost: { maxRate: boost.MaxRate, cooldownMinutes: boost.CooldownWindowMinutes } }),
        modifiedSeconds,
      };
      const rules = all.samplingRules.map((stored) => (stored === before ? after : stored));
      return {
        document: withRules(all, rules, modifiedSeconds),
        result: { SamplingRuleRecord: wireRuleRecord(after, config) },
      };
    });
  },
});

/** Clients may send all members back, so what stays the same is no change. */
function checkChanges(rule: SamplingRule, changes: Partial<SamplingRule>): void {
  if (!isDefault(rule)) {
    if (changes.priority === 10_000)
      throw invalidRequest("SamplingRuleUpdate.Priority must be at most 9999, and is 10000.");
    return;
  }
  const free = new Set(["fixedRate", "reservoirSize"]);
  const fixed = Object.entries(changes).find(
    ([key, value]) => !free.has(key) && JSON.stringify(value) !== JSON.stringify(rule[key as keyof SamplingRule]),
  );
  if (fixed !== undefined) {
    throw invalidRequest("Of the rule Default only FixedRate and ReservoirSize can be changed.");
  }
}
