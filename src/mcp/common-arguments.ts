import { fetchSummaries } from "../ask/fetch-summaries.ts";
import { type FetchedTrace, fetchTrace } from "../ask/fetch-trace.ts";
import { durationSeconds } from "../quantities.ts";
import { parseTraceId } from "../xray/trace-id.ts";
import { type Arguments, type Surroundings, ToolMistake, textOf } from "./tool.ts";

const fallbackSince = "1h";
/** Clocks of other machines may be ahead of ours. */
const aheadSeconds = 60;

/** The argument that says which traces count. */
export const filterSchema: object = {
  type: "string",
  description:
    'An X-Ray filter expression, such as: fault; responsetime > 1; service("checkout") { error }; annotation.user = "7"; http.url CONTAINS "/orders". Without it all traces count.',
};

export const sinceSchema: object = {
  type: "string",
  description: `How far back to look, as 15m, 6h or 2d. Default ${fallbackSince}.`,
};

export const cursorSchema: object = {
  type: "string",
  description: "The nextCursor of the answer before, for what follows it.",
};

export const traceIdSchema: object = {
  type: "string",
  description: "A trace id, in X-Ray's form (1-67ab12cd-…) or W3C's (32 hex digits).",
};

export function limitSchema(fallback: number, most: number): object {
  return { type: "integer", minimum: 1, maximum: most, description: `How many at most. Default ${fallback}.` };
}

/** The range that `since` means. */
export function rangeOf(
  given: Arguments,
  { now }: Surroundings,
): { readonly startSeconds: number; readonly endSeconds: number; readonly sinceSeconds: number } {
  const text = textOf(given, "since") ?? fallbackSince;
  const sinceSeconds = durationSeconds(text);
  if (sinceSeconds === undefined) throw new ToolMistake(`"${text}" is no duration. Write it as 15m, 6h or 2d.`);
  const seconds = now() / 1_000;
  return { startSeconds: seconds - sinceSeconds, endSeconds: seconds + aheadSeconds, sinceSeconds };
}

/** The trace of an id among the arguments. */
export async function traceOf(given: Arguments, name: string, { server }: Surroundings): Promise<FetchedTrace> {
  const text = textOf(given, name) ?? "";
  const id = parseTraceId(text);
  if (id === undefined) throw new ToolMistake(`"${text}" is no trace id. search_traces answers some.`);
  const found = await fetchTrace(server, id);
  if (found === undefined)
    throw new ToolMistake(`There is no trace ${id} here. search_traces answers those there are.`);
  return found;
}

/** The trace that is named, else the slowest of those that match. */
export async function traceOrSlowest(given: Arguments, surroundings: Surroundings): Promise<FetchedTrace> {
  if (textOf(given, "id") !== undefined) return traceOf(given, "id", surroundings);
  const { startSeconds, endSeconds } = rangeOf(given, surroundings);
  const question = { startSeconds, endSeconds, limit: mostSearched, filter: textOf(given, "filter") };
  const found = await fetchSummaries(surroundings.server, question);
  const slowest = found.toSorted((a, b) => b.Duration - a.Duration)[0];
  if (slowest === undefined)
    throw new ToolMistake("No trace matches. Look further back with since, or drop the filter.");
  return traceOf({ id: slowest.Id }, "id", surroundings);
}

/** Of so many, newest first, the slowest are found. */
export const mostSearched = 1_000;
