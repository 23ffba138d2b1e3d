import { randomUUID } from "node:crypto";
import { parseTraceId } from "../../xray/trace-id.ts";
import { invalidRequest } from "../aws-errors.ts";
import { type Operation, operation } from "../operation.ts";
import { traceId } from "../read-traces.ts";
import { withRetrieval } from "../retrievals.ts";
import { list, object, time } from "../validate.ts";

const request = object({
  TraceIds: list(traceId, { max: 100 }),
  StartTime: time,
  EndTime: time,
});

/** Begins to fetch traces by their ids. On AWS that takes a while; here it is done when the answer comes. */
export const startTraceRetrieval: Operation<"settings" | "now"> = operation({
  name: "StartTraceRetrieval",
  path: "/StartTraceRetrieval",
  access: "read",
  request,
  async run({ TraceIds, StartTime, EndTime }, { settings, now }) {
    if (EndTime < StartTime) throw invalidRequest("EndTime must not be before StartTime.");
    const broken = TraceIds.find((id) => parseTraceId(id) === undefined);
    if (broken !== undefined) throw invalidRequest(`TraceIds: ${JSON.stringify(broken)} is no trace id.`);
    const retrieval = {
      token: randomUUID(),
      traceIds: TraceIds,
      startSeconds: StartTime,
      endSeconds: EndTime,
      createdSeconds: now() / 1000,
      isCancelled: false,
    };
    return settings.change((all) => ({
      document: withRetrieval(all, retrieval),
      result: { RetrievalToken: retrieval.token },
    }));
  },
});
