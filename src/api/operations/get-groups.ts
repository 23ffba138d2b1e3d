import { defaultGroup } from "../groups.ts";
import { type Operation, operation } from "../operation.ts";
import { object, optional, text } from "../validate.ts";
import type { GetGroupsResponse } from "../wire.ts";

const request = object({ NextToken: optional(text({ max: 100 })) });

/** The groups there are. Clients use this as their health check. */
export const getGroups: Operation = operation({
  name: "GetGroups",
  path: "/Groups",
  access: "read",
  request,
  async run(_, { config }): Promise<GetGroupsResponse> {
    return { Groups: [defaultGroup(config)] };
  },
});
