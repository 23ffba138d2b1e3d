import type { Config } from "../config.ts";
import { invalidRequest } from "./aws-errors.ts";
import type { WireGroup } from "./wire.ts";

/** The group that always exists: all traces. */
export function defaultGroup({ accountId, region }: Pick<Config, "accountId" | "region">): WireGroup {
  return {
    GroupName: "Default",
    GroupARN: `arn:aws:xray:${region}:${accountId}:group/Default`,
    InsightsConfiguration: { InsightsEnabled: false, NotificationsEnabled: false },
  };
}

/** Refuses a group that does not exist, in the words that clients look for. */
export function checkGroup(
  request: { readonly GroupName?: string; readonly GroupARN?: string },
  config: Pick<Config, "accountId" | "region">,
): void {
  const { GroupName, GroupARN } = defaultGroup(config);
  const isKnown =
    (request.GroupName === undefined || request.GroupName === GroupName) &&
    (request.GroupARN === undefined || request.GroupARN === GroupARN);
  if (!isKnown) throw invalidRequest("Group not found");
}
