import { defaultGroup, type Group } from "../../settings/settings.ts";
import { wireGroup } from "../groups.ts";
import { type Operation, operation } from "../operation.ts";
import { pageOf } from "../paging.ts";
import { object, optional, text } from "../validate.ts";
import type { GetGroupsResponse } from "../wire.ts";

const request = object({ NextToken: optional(text({ max: 100 })) });

/** All groups, `Default` first. Clients use this as their health check. */
export const getGroups: Operation<"settings" | "config"> = operation({
  name: "GetGroups",
  path: "/Groups",
  access: "read",
  request,
  async run(members, { settings, config }): Promise<GetGroupsResponse> {
    const isShown = ({ name }: Group): boolean =>
      name !== defaultGroup.name || config.awsChoices.defaultGroup === "listed";
    const groups = (await settings.read()).groups.filter(isShown);
    const { items, next } = pageOf("GetGroups", groups, members, 100);
    return { Groups: items.map((group) => wireGroup(group, config)), ...next };
  },
});
