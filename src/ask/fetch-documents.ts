import type { GetTraceSummariesResponse, TraceDocuments } from "../api/wire.ts";
import type { Server } from "./ask-server.ts";

export interface DocumentsQuestion {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly filter?: string | undefined;
}

const together = 8;

/**
 * All documents of all traces with anything in a range, trace by trace, as they came. What arrives meanwhile may or may not
 * be among them; a trace that retention takes away meanwhile is left out.
 */
export async function* fetchDocuments(
  server: Server,
  { startSeconds, endSeconds, filter }: DocumentsQuestion,
): AsyncGenerator<TraceDocuments> {
  const question = {
    StartTime: startSeconds,
    EndTime: endSeconds,
    TimeRangeType: "Event",
    ...(filter !== undefined && { FilterExpression: filter }),
  };
  let token: string | undefined;
  do {
    const next = { ...question, ...(token !== undefined && { NextToken: token }) };
    const page = await server.post<GetTraceSummariesResponse>("/TraceSummaries", next);
    const ids = page.TraceSummaries.map(({ Id }) => Id);
    for (let at = 0; at < ids.length; at += together) {
      const some = ids.slice(at, at + together);
      const found = await Promise.all(some.map((id) => server.get<TraceDocuments>(`/api/traces/${id}/documents`)));
      for (const trace of found) if (trace !== undefined) yield trace;
    }
    token = page.NextToken;
  } while (token !== undefined);
}
