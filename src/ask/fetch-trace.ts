import type { GetTraceGraphResponse, TraceDocuments, WireService } from "../api/wire.ts";
import { assembleTrace } from "../trace/assemble-trace.ts";
import { parseSegment } from "../trace/parse-segment.ts";
import type { Trace } from "../trace/trace.ts";
import type { Server } from "./ask-server.ts";

/** A trace as the server has it now. */
export interface FetchedTrace {
  readonly trace: Trace;
  readonly documents: readonly string[];
  /** Grows with everything that arrives. */
  readonly revision: number;
}

/** Asks for a trace; `undefined` when nothing of it has arrived. */
export async function fetchTrace(server: Server, id: string): Promise<FetchedTrace | undefined> {
  const found = await server.get<TraceDocuments>(`/api/traces/${id}/documents`);
  if (found === undefined || found.documents.length === 0) return undefined;
  const segments = found.documents.flatMap((document) => {
    const parsed = parseSegment(document);
    // The server has taken this document, so it can be read.
    return parsed.kind === "segments" ? parsed.segments : [];
  });
  return { trace: assembleTrace(found.id, segments), documents: found.documents, revision: found.revision };
}

/** A trace's own service graph. */
export async function fetchTraceGraph(server: Server, id: string): Promise<readonly WireService[]> {
  return (await server.post<GetTraceGraphResponse>("/TraceGraph", { TraceIds: [id] })).Services;
}
