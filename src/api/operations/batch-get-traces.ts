import { answerTraces } from "../assemble-large.ts";
import { invalidRequest } from "../aws-errors.ts";
import { type Operation, operation } from "../operation.ts";
import { maxTraceIds, readTraces, traceId } from "../read-traces.ts";
import { list, object, optional, text } from "../validate.ts";
import type { BatchGetTracesRequest } from "../wire.ts";

const request = object({ TraceIds: list(traceId), NextToken: optional(text()) });

/** Whole traces, as the documents that X-Ray makes of what came in. */
export const batchGetTraces: Operation = operation({
  name: "BatchGetTraces",
  path: "/Traces",
  access: "read",
  request,
  async run({ TraceIds, NextToken }: BatchGetTracesRequest, { store, config }): Promise<object> {
    const most = maxTraceIds(config.strictLimits);
    if (TraceIds.length > most) throw invalidRequest(`Exceeding maximum query size: ${most}`);
    if (NextToken) throw invalidRequest("NextToken is currently not supported");
    const { found, unknown } = await readTraces(store, TraceIds);
    return {
      Traces: await answerTraces(found),
      UnprocessedTraceIds: config.awsChoices.unknownTraces === "omitted" ? [] : unknown,
    };
  },
});
