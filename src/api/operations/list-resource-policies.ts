import { type Operation, operation } from "../operation.ts";
import { pageOf } from "../paging.ts";
import { wirePolicy } from "../resource-policies.ts";
import { object, optional, text } from "../validate.ts";

const request = object({ NextToken: optional(text({ max: 100 })) });

/** The policies that were put here, oldest change first. */
export const listResourcePolicies: Operation<"settings"> = operation({
  name: "ListResourcePolicies",
  path: "/ListResourcePolicies",
  access: "read",
  request,
  async run(members, { settings }) {
    const { items, next } = pageOf("ListResourcePolicies", (await settings.read()).resourcePolicies, members, 100);
    return { ResourcePolicies: items.map(wirePolicy), ...next };
  },
});
