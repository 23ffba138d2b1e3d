import { ruleArn } from "../arns.ts";
import { invalidRequest } from "../aws-errors.ts";
import { type Operation, operation } from "../operation.ts";
import { findRule, isDefault, ruleReference, wireRuleRecord, withRules } from "../sampling-rules.ts";
import { withTags } from "../tags.ts";
import { object } from "../validate.ts";

const request = object(ruleReference);

/** Takes a rule away, and its tags. */
export const deleteSamplingRule: Operation<"settings" | "config" | "now"> = operation({
  name: "DeleteSamplingRule",
  path: "/DeleteSamplingRule",
  access: "manage",
  request,
  run(members, { settings, config, now }) {
    return settings.change((all) => {
      const found = findRule(all, members, config);
      if (isDefault(found.rule)) throw invalidRequest("The sampling rule Default cannot be deleted.");
      const left = all.samplingRules.filter((stored) => stored !== found);
      const changed = withTags(withRules(all, left, now() / 1000), ruleArn(found.rule.name, config), undefined);
      return { document: changed, result: { SamplingRuleRecord: wireRuleRecord(found, config) } };
    });
  },
});
