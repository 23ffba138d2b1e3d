import type { Impact, Insight, InsightEvent, InsightStore } from "../insights/insight.ts";
import type { Group } from "../settings/settings.ts";
import { type ArnConfig, groupArn } from "./arns.ts";
import { invalidRequest } from "./aws-errors.ts";
import { type Check, text } from "./validate.ts";
import { wireServiceId } from "./wire-graph.ts";

/** `InsightId` of a request. */
export const insightId: Check<string> = text({
  min: 1,
  pattern: /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$/,
});

/** The insight of that id; there is no "not found" among the errors of these operations. */
export async function findInsight(insights: InsightStore, id: string): Promise<Insight> {
  const found = (await insights.read()).insights.find((insight) => insight.id === id.toLowerCase());
  if (found === undefined) throw invalidRequest(`There is no insight ${id}.`);
  return found;
}

/** In AWS's spelling; `group` is what the insight's group is now, if it is still there. */
export function wireInsight(insight: Insight, group: Group | undefined, config: ArnConfig): object {
  const { id, groupName, state, startSeconds, endSeconds, rootCause, summary } = insight;
  return {
    InsightId: id,
    GroupARN: groupArn(group ?? { name: groupName, id: groupName }, config),
    GroupName: groupName,
    RootCauseServiceId: wireServiceId(rootCause),
    Categories: ["FAULT"],
    State: state,
    StartTime: startSeconds,
    ...(endSeconds !== undefined && { EndTime: endSeconds }),
    Summary: summary,
    ...wireImpacts(insight),
  };
}

/** In AWS's spelling. */
export function wireInsightEvent(event: InsightEvent): object {
  return { Summary: event.summary, EventTime: event.atSeconds, ...wireImpacts(event) };
}

function wireImpacts({ clientImpact, rootCauseImpact, anomalous }: InsightEvent | Insight): object {
  return {
    ClientRequestImpactStatistics: wireImpact(clientImpact),
    RootCauseServiceRequestImpactStatistics: wireImpact(rootCauseImpact),
    TopAnomalousServices: anomalous.map((node) => ({ ServiceId: wireServiceId(node) })),
  };
}

function wireImpact({ fault, ok, total }: Impact): object {
  return { FaultCount: fault, OkCount: ok, TotalCount: total };
}
