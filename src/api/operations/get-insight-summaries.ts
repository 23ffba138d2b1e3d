import { invalidRequest } from "../aws-errors.ts";
import { findNamedGroup, groupMembers } from "../groups.ts";
import { wireInsight } from "../insights.ts";
import { type Operation, operation } from "../operation.ts";
import { pageOf } from "../paging.ts";
import { choice, integer, list, object, optional, text, time } from "../validate.ts";

const request = object({
  ...groupMembers,
  StartTime: time,
  EndTime: time,
  States: optional(list(choice("ACTIVE", "CLOSED"), { max: 1 })),
  MaxResults: optional(integer({ min: 1, max: 100 })),
  NextToken: optional(text({ max: 2_000 })),
});

/** The insights of a group that were active in a range, newest first. */
export const getInsightSummaries: Operation<"insights" | "settings" | "config"> = operation({
  name: "GetInsightSummaries",
  path: "/InsightSummaries",
  access: "read",
  request,
  async run(members, { insights, settings, config }) {
    const { StartTime, EndTime, States = [], MaxResults = 100 } = members;
    if (EndTime < StartTime) throw invalidRequest("EndTime must not be before StartTime.");
    const group = findNamedGroup(await settings.read(), members, config);
    const found = (await insights.read()).insights.filter(
      (insight) =>
        insight.groupName === group.name &&
        insight.startSeconds < EndTime &&
        (insight.endSeconds ?? Number.POSITIVE_INFINITY) >= StartTime &&
        States.every((state) => state === insight.state),
    );
    const { items, next } = pageOf(
      "GetInsightSummaries",
      found.toSorted((a, b) => b.startSeconds - a.startSeconds),
      members,
      MaxResults,
    );
    const summaries = items.map((insight) => ({
      ...wireInsight(insight, group, config),
      LastUpdateTime: insight.updatedSeconds,
    }));
    return { InsightSummaries: summaries, ...next };
  },
});
