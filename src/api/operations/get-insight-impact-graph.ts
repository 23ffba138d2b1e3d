import { calleesOf, callersOf } from "../../insights/impact.ts";
import { invalidRequest } from "../aws-errors.ts";
import { filterOf } from "../groups.ts";
import { findInsight, insightId } from "../insights.ts";
import { type Operation, operation } from "../operation.ts";
import { refuseToken } from "../paging.ts";
import { checkGraphRange } from "../time-range.ts";
import { object, optional, text, time } from "../validate.ts";
import { wireGraph } from "../wire-graph.ts";

const request = object({
  InsightId: insightId,
  StartTime: time,
  EndTime: time,
  NextToken: optional(text({ max: 2_000 })),
});

/** The part of the group's graph that an insight has to do with: the root cause, all that call it, all that it calls. */
export const getInsightImpactGraph: Operation<"insights" | "settings" | "config" | "store"> = operation({
  name: "GetInsightImpactGraph",
  path: "/InsightImpactGraph",
  access: "read",
  request,
  async run({ InsightId, StartTime, EndTime, NextToken }, { insights, settings, config, store }) {
    refuseToken(NextToken);
    if (EndTime < StartTime) throw invalidRequest("EndTime must not be before StartTime.");
    checkGraphRange({ startSeconds: StartTime, endSeconds: EndTime }, config.strictLimits);
    const { id, groupName, rootCause } = await findInsight(insights, InsightId);
    const isThere = (await settings.read()).groups.some(({ name }) => name === groupName);
    const filter = isThere ? await filterOf({ GroupName: groupName }, { settings, config }) : undefined;
    const graph = await store.serviceGraph({ startSeconds: StartTime, endSeconds: EndTime, ...(filter && { filter }) });
    const affected = new Set([...callersOf(graph, rootCause), ...calleesOf(graph, rootCause)]);
    const nodes = wireGraph(graph).filter(({ ReferenceId }) => affected.has(ReferenceId));
    return {
      InsightId: id,
      StartTime,
      EndTime,
      ServiceGraphStartTime: graph.startSeconds,
      ServiceGraphEndTime: graph.endSeconds,
      Services: nodes.map(({ ReferenceId, Type, Name, Names, AccountId, Edges }) => ({
        ReferenceId,
        ...(Type !== undefined && { Type }),
        Name,
        Names,
        ...(AccountId !== undefined && { AccountId }),
        Edges: Edges.filter((edge) => affected.has(edge.ReferenceId)).map((edge) => ({
          ReferenceId: edge.ReferenceId,
        })),
      })),
    };
  },
});
