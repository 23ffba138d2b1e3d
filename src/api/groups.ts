import type { Config } from "../config.ts";
import { type FilterOptions, parseFilter } from "../filter/parser.ts";
import type { Filter } from "../filter/tree.ts";
import type { Group, Settings, SettingsStore } from "../settings/settings.ts";
import { type ArnConfig, groupArn } from "./arns.ts";
import { invalidRequest } from "./aws-errors.ts";
import { type OptionalCheck, optional, text } from "./validate.ts";
import type { WireGroup } from "./wire.ts";

/** The members by which an operation names a group. */
export interface GroupMembers {
  readonly GroupName?: string;
  readonly GroupARN?: string;
}

/** Their limits. */
export const groupMembers: { GroupName: OptionalCheck<string>; GroupARN: OptionalCheck<string> } = {
  GroupName: optional(text({ min: 1, max: 32 })),
  GroupARN: optional(text({ min: 1, max: 400 })),
};

/** The group that is named, or `undefined` when none is; an unknown one is refused in the words that clients look for. */
function findGroup(settings: Settings, members: GroupMembers, config: ArnConfig): Group | undefined {
  const { GroupName, GroupARN } = members;
  if (GroupName === undefined && GroupARN === undefined) return undefined;
  const found = settings.groups.find(
    (group) =>
      (GroupName === undefined || group.name === GroupName) &&
      (GroupARN === undefined || groupArn(group, config) === GroupARN),
  );
  if (found === undefined) throw invalidRequest("Group not found");
  return found;
}

/** The same, where a group has to be named. */
export function findNamedGroup(settings: Settings, members: GroupMembers, config: ArnConfig): Group {
  const group = findGroup(settings, members, config);
  if (group === undefined) throw invalidRequest("Either GroupName or GroupARN must be given. Group not found");
  return group;
}

/** What the configuration says of expressions: whether our own terms are refused, and how AWS is taken to compare. */
type ReadingConfig = Pick<Config, "strictLimits" | "awsChoices">;

/** How expressions are read here: with the groups that there are, and as the configuration says. */
export function readingOptions({ groups }: Settings, { strictLimits, awsChoices }: ReadingConfig): FilterOptions {
  return {
    groups: new Map(groups.map(({ name, filterExpression }) => [name, filterExpression])),
    strict: strictLimits,
    ignoreCase: awsChoices.textCase === "ignore",
    missingDiffers: awsChoices.missingDiffers === "yes",
    leftToRight: awsChoices.precedence === "left-to-right",
  };
}

/**
 * The filter of a question: the expression, and the group's as well. `undefined` stands for all traces. Groups are
 * evaluated as they are now, whatever they were when the traces came.
 */
export async function filterOf(
  members: GroupMembers & { readonly FilterExpression?: string },
  { settings, config }: { readonly settings: SettingsStore; readonly config: ArnConfig & ReadingConfig },
): Promise<Filter | undefined> {
  const all = await settings.read();
  const group = findGroup(all, members, config);
  const options = readingOptions(all, config);
  const expressions = [members.FilterExpression, group?.filterExpression].filter((each) => each?.trim());
  const terms = expressions.map((expression) => parseFilter(expression!, options));
  return terms.length > 1 ? { kind: "and", terms } : terms[0];
}

/** In AWS's spelling. */
export function wireGroup(group: Group, config: ArnConfig): WireGroup {
  const { name, filterExpression, insightsEnabled, notificationsEnabled } = group;
  return {
    GroupName: name,
    GroupARN: groupArn(group, config),
    ...(filterExpression !== "" && { FilterExpression: filterExpression }),
    InsightsConfiguration: { InsightsEnabled: insightsEnabled, NotificationsEnabled: notificationsEnabled },
  };
}
