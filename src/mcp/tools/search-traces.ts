import type { WireTraceSummary } from "../../api/wire.ts";
import { pageLink, traceLink } from "../../ask/console-links.ts";
import { fetchSummaries } from "../../ask/fetch-summaries.ts";
import { pageOf, readCursor } from "../answer-page.ts";
import { cursorSchema, filterSchema, limitSchema, mostSearched, rangeOf, sinceSchema } from "../common-arguments.ts";
import { numberOf, type Tool, textOf } from "../tool.ts";

/** `search_traces`: the traces that match a filter, a line each. */
export const searchTraces: Tool = {
  name: "search_traces",
  title: "Search traces",
  description:
    "The traces that match an X-Ray filter expression: id, when, how long, HTTP status, what was asked, how it ended, and for failed ones where it began. Newest first, or the slowest of the newest 1000. Then use get_trace or explain_latency with an id.",
  isReadOnly: true,
  inputSchema: {
    type: "object",
    properties: {
      filter: filterSchema,
      since: sinceSchema,
      order: { enum: ["newest", "slowest"], description: "Default newest." },
      limit: limitSchema(20, 100),
      cursor: cursorSchema,
    },
  },
  async run(given, surroundings) {
    const { server } = surroundings;
    const filter = textOf(given, "filter");
    const { startSeconds, endSeconds, sinceSeconds } = rangeOf(given, surroundings);
    const limit = numberOf(given, "limit", 20);
    const isSlowest = given.order === "slowest";
    const cursor = textOf(given, "cursor");
    // One more than is shown tells whether anything follows.
    const wanted = isSlowest ? mostSearched : readCursor(cursor) + limit + 1;
    const found = await fetchSummaries(server, { startSeconds, endSeconds, limit: wanted, filter });
    const ordered = isSlowest ? found.toSorted((a, b) => timeOf(b) - timeOf(a)) : found;
    const { items, nextCursor } = pageOf(
      ordered.map((summary) => describe(summary, server)),
      cursor,
      limit,
    );
    return { traces: items, nextCursor, link: pageLink(server, "traces", { filter, sinceSeconds }) };
  },
};

const timeOf = ({ ResponseTime, Duration }: WireTraceSummary): number => ResponseTime ?? Duration;

function describe(summary: WireTraceSummary, server: { readonly endpoint: string }): object {
  const { Id, StartTime, Http, EntryPoint, HasFault, HasError, HasThrottle, IsPartial } = summary;
  const cause = [...summary.FaultRootCauses, ...summary.ErrorRootCauses][0]?.Services.at(-1);
  const exception = cause?.EntityPath.at(-1)?.Exceptions?.[0];
  return {
    id: Id,
    at: new Date(StartTime * 1_000).toISOString(),
    ms: timeOf(summary) * 1_000,
    status: Http.HttpStatus,
    asked: [Http.HttpMethod, Http.HttpURL].filter(Boolean).join(" ") || undefined,
    entry: EntryPoint?.Name,
    state: HasFault ? "fault" : HasThrottle ? "throttle" : HasError ? "error" : "ok",
    ...(IsPartial && { isPartial: true }),
    ...(cause && { rootCause: { service: cause.Name, exception: exception?.Name, message: exception?.Message } }),
    link: traceLink(server, Id),
  };
}
