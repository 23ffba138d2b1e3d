import { findInsight, insightId, wireInsightEvent } from "../insights.ts";
import { type Operation, operation } from "../operation.ts";
import { pageOf } from "../paging.ts";
import { integer, object, optional, text } from "../validate.ts";

const request = object({
  InsightId: insightId,
  MaxResults: optional(integer({ min: 1, max: 50 })),
  NextToken: optional(text({ max: 2_000 })),
});

/** What happened to an insight, newest first. */
export const getInsightEvents: Operation<"insights"> = operation({
  name: "GetInsightEvents",
  path: "/InsightEvents",
  access: "read",
  request,
  async run(members, { insights }) {
    const { events } = await findInsight(insights, members.InsightId);
    const { items, next } = pageOf("GetInsightEvents", events.toReversed(), members, members.MaxResults ?? 50);
    return { InsightEvents: items.map(wireInsightEvent), ...next };
  },
});
