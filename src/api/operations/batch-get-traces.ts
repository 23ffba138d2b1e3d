import { traceDocuments } from "../../trace/trace-documents.ts";
import { invalidRequest } from "../aws-errors.ts";
import { findTraces, maxTraceIds } from "../find-traces.ts";
import type { Operation } from "../operation.ts";
import { list, object, optional, text } from "../validate.ts";
import type { BatchGetTracesResponse } from "../wire.ts";

const request = object({ TraceIds: list(text({ min: 1 })), NextToken: optional(text()) });

/** Whole traces, as the documents that X-Ray makes of what came in. */
export const batchGetTraces: Operation = {
  name: "BatchGetTraces",
  path: "/Traces",
  async run(body, { store, config }): Promise<BatchGetTracesResponse> {
    const { TraceIds, NextToken } = request(body, "");
    const most = maxTraceIds(config.strictLimits);
    if (TraceIds.length > most) throw invalidRequest(`Exceeding maximum query size: ${most}`);
    if (NextToken) throw invalidRequest("NextToken is currently not supported");
    const { found, unknown } = await findTraces(store, TraceIds);
    return {
      Traces: found.map(({ trace }) => ({
        Id: trace.id,
        Duration: Math.round((trace.endSeconds - trace.startSeconds) * 1000) / 1000,
        LimitExceeded: false,
        Segments: traceDocuments(trace).map(({ id, document }) => ({ Id: id, Document: document })),
      })),
      UnprocessedTraceIds: unknown,
    };
  },
};
