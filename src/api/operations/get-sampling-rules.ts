import { inOrder } from "../../sampling/rule.ts";
import { type Operation, operation } from "../operation.ts";
import { pageOf } from "../paging.ts";
import { wireRuleRecord } from "../sampling-rules.ts";
import { object, optional, text } from "../validate.ts";
import type { GetSamplingRulesResponse } from "../wire.ts";

const request = object({ NextToken: optional(text()) });

/** X-Ray's Node SDK follows no token, so there is no second page before AWS would have refused the rule. */
const pageSize = 1_000;

/** The rules by which SDKs sample, in the order in which they apply. */
export const getSamplingRules: Operation<"settings" | "config"> = operation({
  name: "GetSamplingRules",
  path: "/GetSamplingRules",
  access: "sample",
  request,
  async run(members, { settings, config }): Promise<GetSamplingRulesResponse> {
    const { samplingRules } = await settings.read();
    const records = new Map(samplingRules.map((stored) => [stored.rule, stored]));
    const { items, next } = pageOf("GetSamplingRules", inOrder([...records.keys()]), members, pageSize);
    return { SamplingRuleRecords: items.map((rule) => wireRuleRecord(records.get(rule)!, config)), ...next };
  },
});
