import { parseFilter } from "../../filter/parser.ts";
import { defaultGroup } from "../../settings/settings.ts";
import { groupArn } from "../arns.ts";
import { invalidRequest } from "../aws-errors.ts";
import { findNamedGroup, groupMembers, readingOptions } from "../groups.ts";
import { type Operation, operation } from "../operation.ts";
import { withTags } from "../tags.ts";
import { object } from "../validate.ts";

const request = object(groupMembers);

/** Takes a group away, and its tags. */
export const deleteGroup: Operation<"settings" | "config"> = operation({
  name: "DeleteGroup",
  path: "/DeleteGroup",
  access: "manage",
  request,
  run(members, { settings, config }) {
    return settings.change((all) => {
      const group = findNamedGroup(all, members, config);
      if (group.name === defaultGroup.name) throw invalidRequest("The group Default cannot be deleted.");
      const left = { ...all, groups: all.groups.filter((each) => each !== group) };
      // A group that is made of this one would be left without meaning; its reader says which group is missing.
      for (const { filterExpression } of left.groups) parseFilter(filterExpression, readingOptions(left, config));
      return { document: withTags(left, groupArn(group, config), undefined), result: {} };
    });
  },
});
