import { inOrder, type SamplingRule } from "../../sampling/rule.ts";
import { type Operation, operation } from "../operation.ts";
import { object, optional, text } from "../validate.ts";
import type { GetSamplingRulesResponse, WireSamplingRule } from "../wire.ts";

const request = object({ NextToken: optional(text()) });

/** The rules by which SDKs sample, in the order in which they apply. */
export const getSamplingRules: Operation<"sampling" | "config"> = operation({
  name: "GetSamplingRules",
  path: "/GetSamplingRules",
  access: "read",
  request,
  async run(_, { sampling, config }): Promise<GetSamplingRulesResponse> {
    const arns = `arn:aws:xray:${config.region}:${config.accountId}:sampling-rule`;
    return {
      SamplingRuleRecords: inOrder(sampling.rules).map((rule) => ({
        SamplingRule: wireRule(rule, `${arns}/${rule.name}`),
        CreatedAt: 0,
        ModifiedAt: sampling.modifiedSeconds,
      })),
    };
  },
});

/** SDKs skip a rule of which any member is missing, empty `Attributes` included. */
function wireRule(rule: SamplingRule, arn: string): WireSamplingRule {
  return {
    RuleName: rule.name,
    RuleARN: arn,
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
  };
}
