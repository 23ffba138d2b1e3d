import type { StoredTrace } from "../store/trace-store.ts";
import { assembleTrace } from "../trace/assemble-trace.ts";
import type { TraceDigest } from "../trace/digest.ts";
import { digestTrace } from "../trace/digest-trace.ts";
import { parseSegment } from "../trace/parse-segment.ts";
import type { Trace } from "../trace/trace.ts";
import { traceDocuments } from "../trace/trace-documents.ts";
import type { WireTrace } from "./wire.ts";

/** A stored trace as `BatchGetTraces` answers it. */
export function wireTrace(stored: StoredTrace): WireTrace {
  const trace = assembled(stored);
  return {
    Id: trace.id,
    Duration: Math.round((trace.endSeconds - trace.startSeconds) * 1000) / 1000,
    LimitExceeded: false,
    Segments: traceDocuments(trace).map(({ id, document }) => ({ Id: id, Document: document })),
  };
}

/** A stored trace's digest. */
export function storedDigest(stored: StoredTrace): TraceDigest {
  return digestTrace(assembled(stored), stored.revision);
}

function assembled({ id, documents }: StoredTrace): Trace {
  const segments = documents.flatMap((document) => {
    const parsed = parseSegment(document, { maxBytes: Number.POSITIVE_INFINITY });
    return parsed.kind === "segments" ? parsed.segments : [];
  });
  // A list of subsegments may hold some of other traces.
  const own = segments.filter((segment) => segment.traceId === id);
  return assembleTrace(id, own);
}
