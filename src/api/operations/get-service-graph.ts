import type { ServiceGraph } from "../../graph/service-graph.ts";
import { filterOf, groupMembers } from "../groups.ts";
import { type Operation, operation } from "../operation.ts";
import { pageOf, refuseToken } from "../paging.ts";
import { checkGraphRange, timeRange } from "../time-range.ts";
import { object, optional, text, time } from "../validate.ts";
import type { GetServiceGraphRequest, GetServiceGraphResponse } from "../wire.ts";
import { wireGraph } from "../wire-graph.ts";

const request = object({
  StartTime: time,
  EndTime: time,
  ...groupMembers,
  NextToken: optional(text()),
  FilterExpression: optional(text({ max: 2_000 })),
});

/** As many as a map may have on AWS. Edges may lead to nodes of other pages. */
const nodesAPage = 10_000;

/** Nodes and edges of a time range, of all traces or of those that match our extra member `FilterExpression`. */
export const getServiceGraph: Operation<"store" | "settings" | "config" | "now"> = operation({
  name: "GetServiceGraph",
  path: "/ServiceGraph",
  access: "read",
  request,
  async run(
    members: GetServiceGraphRequest,
    { store, settings, config, now },
    { onPartial },
  ): Promise<GetServiceGraphResponse> {
    refuseToken(members.NextToken);
    const { StartTime, EndTime } = members;
    const filter = await filterOf(members, { settings, config });
    const range = timeRange({ StartTime, EndTime }, now());
    checkGraphRange(range, config.strictLimits);
    const answer = (graph: ServiceGraph): GetServiceGraphResponse => ({
      StartTime,
      EndTime,
      Services: wireGraph(graph),
      ContainsOldGroupVersions: false,
      ...(graph.isPartial && { IsPartial: true }),
    });
    const query = filter === undefined ? range : { ...range, filter };
    const graph = await store.serviceGraph(query, onPartial && ((partial) => onPartial(answer(partial))));
    const whole = answer(graph);
    const { items, next } = pageOf("GetServiceGraph", whole.Services, members, nodesAPage);
    return { ...whole, Services: items, ...next };
  },
});
