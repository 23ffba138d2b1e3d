import { writeOtlpJson } from "../../otel/otlp-json.ts";
import { segmentsToSpans } from "../../otel/segment-to-spans.ts";
import { traceDocuments } from "../../trace/trace-documents.ts";
import { type Operation, operation } from "../operation.ts";
import { pageOf } from "../paging.ts";
import { findRetrieval, type RetrievedTrace, retrievalStatus, retrievalToken, retrievedTraces } from "../retrievals.ts";
import { choice, object, optional, text } from "../validate.ts";

const request = object({
  RetrievalToken: retrievalToken,
  TraceFormat: optional(choice("XRAY", "OTEL")),
  NextToken: optional(text()),
});

const tracesAPage = 5;
const mostSpans = 100;

/** What a retrieval has brought. A trace of more than a hundred spans comes in several entries of the same id. */
export const listRetrievedTraces: Operation<"settings" | "store" | "now"> = operation({
  name: "ListRetrievedTraces",
  path: "/ListRetrievedTraces",
  access: "read",
  request,
  async run(members, { settings, store, now }) {
    const { RetrievalToken, TraceFormat = "XRAY" } = members;
    const retrieval = findRetrieval(await settings.read(), RetrievalToken, now() / 1000);
    const traces = await retrievedTraces(retrieval, store);
    const entries = traces.flatMap((retrieved) => entriesOf(retrieved, TraceFormat));
    const { items, next } = pageOf("ListRetrievedTraces", entries, members, tracesAPage);
    return { RetrievalStatus: retrievalStatus(retrieval), TraceFormat, Traces: items, ...next };
  },
});

interface Entry {
  readonly Id: string;
  readonly Duration: number;
  readonly Spans: readonly WireSpan[];
}

interface WireSpan {
  readonly Id: string;
  readonly Document: string;
}

function entriesOf({ trace }: RetrievedTrace, format: "XRAY" | "OTEL"): Entry[] {
  const spans =
    format === "OTEL"
      ? otelSpans(trace.segments.filter(({ inferred }) => !inferred))
      : traceDocuments(trace).map(({ id, document }) => ({ Id: id, Document: document }));
  const duration = Math.round((trace.endSeconds - trace.startSeconds) * 1000) / 1000;
  const entries: Entry[] = [];
  for (let at = 0; at < spans.length; at += mostSpans) {
    entries.push({ Id: trace.id, Duration: duration, Spans: spans.slice(at, at + mostSpans) });
  }
  return entries;
}

/** Each span as a whole `ExportTraceServiceRequest`, so that it can be sent on as it is. */
function otelSpans(segments: Parameters<typeof segmentsToSpans>[0]): WireSpan[] {
  return segmentsToSpans(segments).flatMap((group) =>
    group.spans.map((span) => ({
      Id: span.spanId,
      Document: Buffer.from(writeOtlpJson([{ ...group, spans: [span] }])).toString(),
    })),
  );
}
