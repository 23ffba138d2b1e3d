import { answerGraph } from "../assemble-large.ts";
import type { Operation } from "../operation.ts";
import { maxTraceIds, readTraces } from "../read-traces.ts";
import { list, object, optional, text } from "../validate.ts";
import type { GetTraceGraphRequest, GetTraceGraphResponse } from "../wire.ts";
import { wireGraph } from "../wire-graph.ts";

/** The graph of these traces alone. */
export const getTraceGraph: Operation = {
  name: "GetTraceGraph",
  path: "/TraceGraph",
  async run(body, { store, config }): Promise<GetTraceGraphResponse> {
    const ids = list(text({ min: 1 }), { min: 1, max: maxTraceIds(config.strictLimits) });
    const request = object({ TraceIds: ids, NextToken: optional(text()) });
    const { TraceIds }: GetTraceGraphRequest = request(body, "");
    const { found } = await readTraces(store, TraceIds);
    return { Services: found.length === 0 ? [] : wireGraph(await answerGraph(found)) };
  },
};
