import { findInsight, insightId, wireInsight } from "../insights.ts";
import { type Operation, operation } from "../operation.ts";
import { object } from "../validate.ts";

const request = object({ InsightId: insightId });

/** One insight. */
export const getInsight: Operation<"insights" | "settings" | "config"> = operation({
  name: "GetInsight",
  path: "/Insight",
  access: "read",
  request,
  async run({ InsightId }, { insights, settings, config }) {
    const insight = await findInsight(insights, InsightId);
    const group = (await settings.read()).groups.find(({ name }) => name === insight.groupName);
    return { Insight: wireInsight(insight, group, config) };
  },
});
