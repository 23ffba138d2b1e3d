import { answerGraph } from "../assemble-large.ts";
import { invalidRequest } from "../aws-errors.ts";
import { type Operation, operation } from "../operation.ts";
import { refuseToken } from "../paging.ts";
import { maxTraceIds, readTraces, traceId } from "../read-traces.ts";
import { list, object, optional, text } from "../validate.ts";
import type { GetTraceGraphRequest, GetTraceGraphResponse } from "../wire.ts";
import { wireGraph } from "../wire-graph.ts";

const request = object({ TraceIds: list(traceId, { min: 1 }), NextToken: optional(text()) });

/** The graph of these traces alone. */
export const getTraceGraph: Operation = operation({
  name: "GetTraceGraph",
  path: "/TraceGraph",
  access: "read",
  request,
  async run({ TraceIds, NextToken }: GetTraceGraphRequest, { store, config }): Promise<GetTraceGraphResponse> {
    refuseToken(NextToken);
    const most = maxTraceIds(config.strictLimits);
    if (TraceIds.length > most)
      throw invalidRequest(`TraceIds may have at most ${most} members, and has ${TraceIds.length}.`);
    const { found } = await readTraces(store, TraceIds);
    return { Services: found.length === 0 ? [] : wireGraph(await answerGraph(found)) };
  },
});
