import type { GetTraceSummariesResponse, WireTraceSummary } from "../api/wire.ts";
import type { Server } from "./ask-server.ts";

/** Which traces are asked for. */
export interface SummariesQuestion {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** How many at most. */
  readonly limit: number;
  readonly filter?: string | undefined;
}

/** The newest traces with anything in a range, all or those that match a filter. */
export async function fetchSummaries(
  server: Server,
  { startSeconds, endSeconds, limit, filter }: SummariesQuestion,
): Promise<WireTraceSummary[]> {
  const question = {
    StartTime: startSeconds,
    EndTime: endSeconds,
    TimeRangeType: "Event",
    ...(filter !== undefined && { FilterExpression: filter }),
  };
  const found: WireTraceSummary[] = [];
  let token: string | undefined;
  do {
    const next = { ...question, ...(token !== undefined && { NextToken: token }) };
    const page = await server.post<GetTraceSummariesResponse>("/TraceSummaries", next);
    found.push(...page.TraceSummaries);
    token = page.NextToken;
  } while (token !== undefined && found.length < limit);
  return found.toSorted((a, b) => b.StartTime - a.StartTime).slice(0, limit);
}
