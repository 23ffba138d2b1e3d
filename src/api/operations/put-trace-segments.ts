import { cameBack } from "../../forward/returned-documents.ts";
import { segmentIdOf } from "../../forward/segment-id.ts";
import type { Ingest } from "../../ingest/ingest.ts";
import type { Refusal } from "../../store/trace-store.ts";
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
export const putTraceSegments: Operation<"ingest" | "returned" | "config"> = operation({
  name: "PutTraceSegments",
  path: "/TraceSegments",
  access: "write",
  request,
  async run(
    { TraceSegmentDocuments }: PutTraceSegmentsRequest,
    { ingest, returned, config },
    { via },
  ): Promise<PutTraceSegmentsResponse> {
    const documents: Uint8Array[] = [];
    const outcomes: (Refusal | undefined)[] = [];
    const breather = new Breather();
    for (const text of TraceSegmentDocuments) {
      const document = Buffer.from(text);
      if (returned?.isBack(document, via)) outcomes.push(refuseReturned(document, ingest));
      else documents.push(document);
      if (breather.isDue()) await breather.breathe();
    }
    outcomes.push(...(await ingest.acceptAll(documents, "http")));
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

function refuseReturned(document: Uint8Array, ingest: Pick<Ingest, "refuse">): Refusal {
  ingest.refuse(cameBack, document, "http");
  const segmentId = segmentIdOf(document);
  return { problem: cameBack, ...(segmentId !== undefined && { segmentId }) };
}
