import type { GetGroupsResponse, WireGroup } from "../../api/wire.ts";
import { post } from "../api-client.ts";

/** X-Ray's groups are the saved filters. The one named Default stands for all traces. */
export async function readGroups(signal: AbortSignal): Promise<readonly WireGroup[]> {
  const groups: WireGroup[] = [];
  let token: string | undefined;
  do {
    const body: object = token === undefined ? {} : { NextToken: token };
    const page: GetGroupsResponse = await post("/Groups", body, { signal });
    groups.push(...page.Groups);
    token = page.NextToken;
  } while (token !== undefined);
  return groups.filter(({ FilterExpression }) => FilterExpression !== undefined);
}

/** Keeps a filter under a name; one that is taken is refused by the server. */
export function createGroup(name: string, filter: string): Promise<object> {
  return post("/CreateGroup", { GroupName: name, FilterExpression: filter });
}

export function updateGroup(name: string, filter: string): Promise<object> {
  return post("/UpdateGroup", { GroupName: name, FilterExpression: filter });
}

export function deleteGroup(name: string): Promise<object> {
  return post("/DeleteGroup", { GroupName: name });
}
