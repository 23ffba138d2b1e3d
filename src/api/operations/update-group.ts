import { defaultGroup, type Group } from "../../settings/settings.ts";
import { invalidRequest } from "../aws-errors.ts";
import { checkGroupChange } from "../check-group.ts";
import { findNamedGroup, groupMembers, wireGroup } from "../groups.ts";
import { type Operation, operation } from "../operation.ts";
import { flag, object, optional, text } from "../validate.ts";

const request = object({
  ...groupMembers,
  FilterExpression: optional(text({ max: 2_000 })),
  InsightsConfiguration: optional(object({ InsightsEnabled: optional(flag), NotificationsEnabled: optional(flag) })),
});

/** Changes what is given and leaves the rest. */
export const updateGroup: Operation<"settings" | "config"> = operation({
  name: "UpdateGroup",
  path: "/UpdateGroup",
  access: "manage",
  request,
  run({ FilterExpression, InsightsConfiguration: insights, ...members }, { settings, config }) {
    return settings.change((all) => {
      const before = findNamedGroup(all, members, config);
      if (before.name === defaultGroup.name && FilterExpression?.trim()) {
        throw invalidRequest("The group Default has no filter expression: it is for all traces.");
      }
      const after: Group = {
        ...before,
        ...(FilterExpression !== undefined && { filterExpression: FilterExpression.trim() }),
        ...(insights?.InsightsEnabled !== undefined && { insightsEnabled: insights.InsightsEnabled }),
        ...(insights?.NotificationsEnabled !== undefined && { notificationsEnabled: insights.NotificationsEnabled }),
      };
      const changed = { ...all, groups: all.groups.map((group) => (group === before ? after : group)) };
      checkGroupChange(after, changed, config);
      return { document: changed, result: { Group: wireGroup(after, config) } };
    });
  },
});
