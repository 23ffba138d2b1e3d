import { throttled, unavailable } from "../aws-errors.ts";
import { Breather } from "../breather.ts";
import { type Operation, operation } from "../operation.ts";
import { list, object, text } from "../validate.ts";
import type { PutTraceSegmentsRequest, PutTraceSegmentsResponse, UnprocessedTraceSegment } from "../wire.ts";

const request = object({ TraceSegmentDocuments: list(text()) });

/** What unprocessed documents were seen to come back with from AWS. */
const codesOfAws: ReadonlySet<string> = new Set([
  "InvalidTraceId",
  "MissingId",
  "InvalidName",
  "MissingParentId",
  "InvalidSegment",
]);

/** Takes documents; those that are not answered as unprocessed are on disk. */
export const putTraceSegments: Operation<"ingest" | "config"> = operation({
  name: "PutTraceSegments",
  path: "/TraceSegments",
  access: "write",
  request,
  async run({ TraceSegmentDocuments }: PutTraceSegmentsRequest, { ingest, config }): Promise<PutTraceSegmentsResponse> {
    const documents: Uint8Array[] = [];
    const breather = new Breather();
    for (const document of TraceSegmentDocuments) {
      documents.push(Buffer.from(document));
      if (breather.isDue()) await breather.breathe();
    }
    const outcomes = await ingest.acceptAll(documents, "http");
    const unprocessed: UnprocessedTraceSegment[] = [];
    for (const outcome of outcomes) {
      if (outcome === undefined) continue;
      const { problem, segmentId } = outcome;
      // Not the documents' fault: the whole call fails, so that the client sends it again. Repeating does no harm.
      if (problem.code === "QueueFull") throw throttled(problem.message);
      if (problem.code === "StoreFailed") throw unavailable(problem.message);
      const isTold = config.awsChoices.documentErrors === "ours" || codesOfAws.has(problem.code);
      unprocessed.push({
        ...(segmentId !== undefined && { Id: segmentId }),
        ErrorCode: isTold ? problem.code : "InvalidSegment",
        Message: isTold ? problem.message : `${problem.message} (${problem.code})`,
      });
    }
    return { UnprocessedTraceSegments: unprocessed };
  },
});
