import { randomBytes } from "node:crypto";
import type { Group } from "../../settings/settings.ts";
import { groupArn } from "../arns.ts";
import { invalidRequest } from "../aws-errors.ts";
import { checkGroupChange } from "../check-group.ts";
import { wireGroup } from "../groups.ts";
import { type Operation, operation } from "../operation.ts";
import { tagsMember, tagsOf, withTags } from "../tags.ts";
import { flag, object, optional, text } from "../validate.ts";

const request = object({
  GroupName: text({ min: 1, max: 32 }),
  FilterExpression: optional(text({ max: 2_000 })),
  InsightsConfiguration: optional(object({ InsightsEnabled: optional(flag), NotificationsEnabled: optional(flag) })),
  Tags: optional(tagsMember),
});

/** AWS's own limit before anybody asks for more. */
const mostGroups = 25;

/** Gives a filter expression a name. */
export const createGroup: Operation<"settings" | "config"> = operation({
  name: "CreateGroup",
  path: "/CreateGroup",
  access: "manage",
  request,
  run({ GroupName, FilterExpression = "", InsightsConfiguration = {}, Tags = [] }, { settings, config }) {
    return settings.change((all) => {
      const group: Group = {
        name: GroupName,
        id: randomBytes(16).toString("hex").toUpperCase(),
        filterExpression: FilterExpression.trim(),
        insightsEnabled: InsightsConfiguration.InsightsEnabled ?? false,
        notificationsEnabled: InsightsConfiguration.NotificationsEnabled ?? false,
      };
      if (all.groups.some(({ name }) => name === GroupName)) {
        throw invalidRequest(`There is a group ${JSON.stringify(GroupName)} already.`);
      }
      if (config.strictLimits && all.groups.length > mostGroups) {
        throw invalidRequest(`There are ${mostGroups} groups already, which is the most there may be.`);
      }
      const groups = [...all.groups, group];
      checkGroupChange(group, { ...all, groups }, config);
      const tagged = withTags({ ...all, groups }, groupArn(group, config), tagsOf(Tags));
      return { document: tagged, result: { Group: wireGroup(group, config) } };
    });
  },
});
