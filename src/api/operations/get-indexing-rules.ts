import { wireIndexingRule } from "../indexing.ts";
import { type Operation, operation } from "../operation.ts";
import { refuseToken } from "../paging.ts";
import { object, optional, text } from "../validate.ts";

const request = object({ NextToken: optional(text()) });

/** The one rule, `Default`. */
export const getIndexingRules: Operation<"settings"> = operation({
  name: "GetIndexingRules",
  path: "/GetIndexingRules",
  access: "read",
  request,
  async run(members, { settings }) {
    refuseToken(members.NextToken);
    return { IndexingRules: [wireIndexingRule((await settings.read()).indexing)] };
  },
});
