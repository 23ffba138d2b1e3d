import { findNamedGroup, groupMembers, wireGroup } from "../groups.ts";
import { type Operation, operation } from "../operation.ts";
import { object } from "../validate.ts";

const request = object(groupMembers);

/** One group, by its name or ARN. */
export const getGroup: Operation<"settings" | "config"> = operation({
  name: "GetGroup",
  path: "/GetGroup",
  access: "read",
  request,
  async run(members, { settings, config }) {
    return { Group: wireGroup(findNamedGroup(await settings.read(), members, config), config) };
  },
});
