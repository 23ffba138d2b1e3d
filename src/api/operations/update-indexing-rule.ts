import { AwsError } from "../aws-errors.ts";
import { wireIndexingRule } from "../indexing.ts";
import { type Operation, operation } from "../operation.ts";
import { number, object, oneOf, optional, text } from "../validate.ts";

const request = object({
  Name: text({ min: 1 }),
  Rule: oneOf({ Probabilistic: optional(object({ DesiredSamplingPercentage: number({ min: 0, max: 100 }) })) }),
});

/** Keeps the share that is wished for. */
export const updateIndexingRule: Operation<"settings" | "now"> = operation({
  name: "UpdateIndexingRule",
  path: "/UpdateIndexingRule",
  access: "manage",
  request,
  run({ Name, Rule }, { settings, now }) {
    if (Name !== "Default") {
      throw new AwsError(404, "ResourceNotFoundException", `There is no indexing rule ${JSON.stringify(Name)}.`, Name);
    }
    return settings.change((all) => {
      const desiredPercent = Rule.Probabilistic?.DesiredSamplingPercentage ?? all.indexing.desiredPercent;
      const indexing = { desiredPercent, modifiedSeconds: now() / 1000 };
      return { document: { ...all, indexing }, result: { IndexingRule: wireIndexingRule(indexing) } };
    });
  },
});
