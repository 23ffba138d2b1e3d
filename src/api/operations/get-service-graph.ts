import { parseFilter } from "../../filter/parser.ts";
import type { ServiceGraph } from "../../graph/service-graph.ts";
import { checkGroup } from "../groups.ts";
import { type Operation, operation } from "../operation.ts";
import { checkGraphRange, timeRange } from "../time-range.ts";
import { object, optional, text, time } from "../validate.ts";
import type { GetServiceGraphRequest, GetServiceGraphResponse } from "../wire.ts";
import { wireGraph } from "../wire-graph.ts";

const request = object({
  StartTime: time,
  EndTime: time,
  GroupName: optional(text({ min: 1, max: 32 })),
  GroupARN: optional(text({ min: 1, max: 400 })),
  NextToken: optional(text()),
  FilterExpression: optional(text({ max: 2_000 })),
});

/** Nodes and edges of a time range, of all traces or of those that match our extra member `FilterExpression`. */
export const getServiceGraph: Operation = operation({
  name: "GetServiceGraph",
  path: "/ServiceGraph",
  access: "read",
  request,
  async run(
    { StartTime, EndTime, FilterExpression, ...group }: GetServiceGraphRequest,
    { store, config, now },
    { onPartial },
  ): Promise<GetServiceGraphResponse> {
    checkGroup(group, config);
    const range = timeRange({ StartTime, EndTime }, now());
    checkGraphRange(range, config.strictLimits);
    const answer = (graph: ServiceGraph): GetServiceGraphResponse => ({
      StartTime,
      EndTime,
      Services: wireGraph(graph),
      ContainsOldGroupVersions: false,
    });
    const query = FilterExpression?.trim() ? { ...range, filter: parseFilter(FilterExpression) } : range;
    const graph = await store.serviceGraph(query, onPartial && ((partial) => onPartial(answer(partial))));
    return answer(graph);
  },
});
