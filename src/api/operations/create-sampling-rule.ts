import type { StoredRule } from "../../settings/settings.ts";
import { ruleArn } from "../arns.ts";
import { AwsError, invalidRequest } from "../aws-errors.ts";
import { type Operation, operation } from "../operation.ts";
import { attributesMember, boostMember, ruleMembers, wireRuleRecord, withRules } from "../sampling-rules.ts";
import { tagsMember, tagsOf, withTags } from "../tags.ts";
import { integer, object, optional, text } from "../validate.ts";

const request = object({
  SamplingRule: object({
    ...ruleMembers,
    Priority: integer({ min: 1, max: 9_999 }),
    RuleName: optional(text({ min: 1, max: 32 })),
    RuleARN: optional(text()),
    Version: integer({ min: 1, max: 1 }),
    Attributes: optional(attributesMember),
    SamplingRateBoost: optional(boostMember),
  }),
  Tags: optional(tagsMember),
});

/** AWS's own limit before anybody asks for more. */
const mostRules = 25;

/** Adds a rule; samplers follow it within seconds. */
export const createSamplingRule: Operation<"settings" | "config" | "now"> = operation({
  name: "CreateSamplingRule",
  path: "/CreateSamplingRule",
  access: "manage",
  request,
  run({ SamplingRule: wire, Tags = [] }, { settings, config, now }) {
    const name = wire.RuleName;
    if (name === undefined) throw invalidRequest("SamplingRule.RuleName is missing: a new rule needs a name.");
    if (wire.RuleARN !== undefined)
      throw invalidRequest("SamplingRule.RuleARN must be left out: a new rule has none yet.");
    const nowSeconds = now() / 1000;
    const boost = wire.SamplingRateBoost;
    const stored: StoredRule = {
      rule: {
        name,
        priority: wire.Priority,
        reservoirSize: wire.ReservoirSize,
        fixedRate: wire.FixedRate,
        serviceName: wire.ServiceName,
        serviceType: wire.ServiceType,
        host: wire.Host,
        httpMethod: wire.HTTPMethod,
        urlPath: wire.URLPath,
        resourceArn: wire.ResourceARN,
        attributes: wire.Attributes ?? {},
        version: wire.Version,
      },
      ...(boost && { boost: { maxRate: boost.MaxRate, cooldownMinutes: boost.CooldownWindowMinutes } }),
      createdSeconds: nowSeconds,
      modifiedSeconds: nowSeconds,
    };
    return settings.change((all) => {
      if (all.samplingRules.some(({ rule }) => rule.name === name)) {
        throw invalidRequest(`There is a sampling rule ${JSON.stringify(name)} already.`);
      }
      if (config.strictLimits && all.samplingRules.length > mostRules) {
        const message = `There are ${mostRules} sampling rules already, which is the most there may be.`;
        throw new AwsError(400, "RuleLimitExceededException", message);
      }
      const changed = withRules(all, [...all.samplingRules, stored], nowSeconds);
      const tagged = withTags(changed, ruleArn(name, config), tagsOf(Tags));
      return { document: tagged, result: { SamplingRuleRecord: wireRuleRecord(stored, config) } };
    });
  },
});
