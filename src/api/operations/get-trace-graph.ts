import { serviceGraph } from "../../graph/build-graph.ts";
import type { TraceDigest } from "../../trace/digest.ts";
import { answerDigest } from "../large-trace.ts";
import type { Operation } from "../operation.ts";
import { maxTraceIds, readTraces } from "../read-traces.ts";
import { list, object, optional, text } from "../validate.ts";
import type { GetTraceGraphResponse } from "../wire.ts";
import { wireGraph } from "../wire-graph.ts";

/** The graph of these traces, however long they lasted. */
export const getTraceGraph: Operation = {
  name: "GetTraceGraph",
  path: "/TraceGraph",
  async run(body, { store, config }): Promise<GetTraceGraphResponse> {
    const ids = list(text({ min: 1 }), { min: 1, max: maxTraceIds(config.strictLimits) });
    const { TraceIds } = object({ TraceIds: ids, NextToken: optional(text()) })(body, "");
    const { found } = await readTraces(store, TraceIds);
    const digests: TraceDigest[] = [];
    for (const stored of found) digests.push(await answerDigest(stored));
    // Ends are exclusive, and a trace's last moment belongs to it.
    const startSeconds = Math.min(...digests.map((digest) => Math.floor(digest.startSeconds)));
    const endSeconds = Math.max(...digests.map((digest) => Math.floor(digest.endSeconds) + 1));
    return { Services: digests.length === 0 ? [] : wireGraph(serviceGraph(digests, startSeconds, endSeconds)) };
  },
};
