import { wireIndexingRule } from "../indexing.ts";
import { type Operation, operation } from "../operation.ts";
import { object, optional, text } from "../validate.ts";

const request = object({ NextToken: optional(text()) });

/** The one rule, `Default`. */
export const getIndexingRules: Operation<"settings"> = operation({
  name: "GetIndexingRules",
  path: "/GetIndexingRules",
  access: "read",
  request,
  async run(_, { settings }) {
    return { IndexingRules: [wireIndexingRule((await settings.read()).indexing)] };
  },
});
