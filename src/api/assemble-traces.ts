import { serviceGraph } from "../graph/build-graph.ts";
import type { ServiceGraph } from "../graph/service-graph.ts";
import type { StoredTrace } from "../store/trace-store.ts";
import { assembleTrace } from "../trace/assemble-trace.ts";
import { digestTrace } from "../trace/digest-trace.ts";
import { parseSegment } from "../trace/parse-segment.ts";
import type { Trace } from "../trace/trace.ts";
import { traceDocuments } from "../trace/trace-documents.ts";
import type { WireTrace } from "./wire.ts";

/** Stored traces as `BatchGetTraces` answers them. */
export function wireTraces(stored: readonly StoredTrace[]): WireTrace[] {
  return stored.map(assemble).map((trace) => ({
    Id: trace.id,
    Duration: Math.round((trace.endSeconds - trace.startSeconds) * 1000) / 1000,
    LimitExceeded: false,
    Segments: traceDocuments(trace).map(({ id, document }) => ({ Id: id, Document: document })),
  }));
}

/** The graph of stored traces, however long they lasted. */
export function traceGraph(stored: readonly StoredTrace[]): ServiceGraph {
  const digests = stored.map((trace) => digestTrace(assemble(trace), trace.revision));
  const startSeconds = Math.min(...digests.map((digest) => Math.floor(digest.startSeconds)));
  // Ends are exclusive, and a trace's last moment belongs to it.
  const endSeconds = Math.max(...digests.map((digest) => Math.floor(digest.endSeconds) + 1));
  return serviceGraph(digests, startSeconds, endSeconds);
}

/** A stored trace as it is now. */
export function assemble({ id, documents }: StoredTrace): Trace {
  const segments = documents.flatMap((document) => {
    const parsed = parseSegment(document, { maxBytes: Number.POSITIVE_INFINITY });
    return parsed.kind === "segments" ? parsed.segments : [];
  });
  // A list of subsegments may hold some of other traces.
  const own = segments.filter((segment) => segment.traceId === id);
  return assembleTrace(id, own);
}
