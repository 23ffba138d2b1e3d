import { defaultGroup } from "../groups.ts";
import type { Operation } from "../operation.ts";
import { object, optional, text } from "../validate.ts";
import type { GetGroupsResponse } from "../wire.ts";

const request = object({ NextToken: optional(text({ max: 100 })) });

/** The groups there are. Clients use this as their health check. */
export const getGroups: Operation = {
  name: "GetGroups",
  path: "/Groups",
  async run(body, { config }): Promise<GetGroupsResponse> {
    request(body, "");
    return { Groups: [defaultGroup(config)] };
  },
};
