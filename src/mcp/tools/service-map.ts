import type { WireHistogramEntry, WireService, WireStatistics } from "../../api/wire.ts";
import { pageLink } from "../../ask/console-links.ts";
import { fetchServiceGraph } from "../../ask/fetch-service-graph.ts";
import { percentile } from "../../graph/percentile.ts";
import { pageOf } from "../answer-page.ts";
import { cursorSchema, filterSchema, limitSchema, rangeOf, sinceSchema } from "../common-arguments.ts";
import { numberOf, type Tool, textOf } from "../tool.ts";

/** `service_map`: who calls whom, how often, how slowly, with which failures. */
export const serviceMap: Tool = {
  name: "service_map",
  title: "Service map",
  description:
    "Every service with what it calls: number of calls, p50/p95/p99 in milliseconds, faults (5xx or exceptions), errors (4xx) and throttles (429) of services and of calls. The place to begin: find the service or the call that is slow or fails, then use search_traces.",
  isReadOnly: true,
  inputSchema: {
    type: "object",
    properties: { filter: filterSchema, since: sinceSchema, limit: limitSchema(50, 200), cursor: cursorSchema },
  },
  async run(given, surroundings) {
    const { server } = surroundings;
    const filter = textOf(given, "filter");
    const { sinceSeconds, ...range } = rangeOf(given, surroundings);
    const graph = await fetchServiceGraph(server, range, filter);
    const nameOf = new Map(graph.Services.map(({ ReferenceId, Name }) => [ReferenceId, Name]));
    // Those with the most failures first, then the busiest: an answer that is cut has lost the least.
    const services = graph.Services.toSorted((a, b) => weightOf(b) - weightOf(a)).map((service) => ({
      name: service.Name,
      type: service.Type,
      ...(service.SummaryStatistics && figuresOf(service.SummaryStatistics, service.DurationHistogram ?? [])),
      calls: service.Edges.map((edge) => ({
        to: nameOf.get(edge.ReferenceId),
        ...figuresOf(edge.SummaryStatistics, edge.ResponseTimeHistogram),
      })),
    }));
    const { items, nextCursor } = pageOf(services, textOf(given, "cursor"), numberOf(given, "limit", 50));
    return {
      services: items,
      total: services.length,
      ...(graph.IsPartial && { isPartial: true }),
      nextCursor,
      link: pageLink(server, "map", { filter, sinceSeconds }),
    };
  },
};

function weightOf({ SummaryStatistics: statistics }: WireService): number {
  return (statistics?.FaultStatistics.TotalCount ?? 0) * 1e9 + (statistics?.TotalCount ?? 0);
}

function figuresOf(
  { TotalCount, EstimatedCount, FaultStatistics, ErrorStatistics }: WireStatistics,
  histogram: readonly WireHistogramEntry[],
): object {
  const entries = histogram
    .map(({ Value, Count }) => ({ seconds: Value, count: Count }))
    .toSorted((a, b) => a.seconds - b.seconds);
  const ms = (percent: number): number | undefined => {
    const seconds = percentile(entries, percent);
    return seconds === undefined ? undefined : seconds * 1_000;
  };
  return {
    count: TotalCount,
    // Tail sampling did not keep these: the figures are estimates.
    ...(EstimatedCount !== undefined && { notKept: EstimatedCount }),
    p50Ms: ms(50),
    p95Ms: ms(95),
    p99Ms: ms(99),
    faults: FaultStatistics.TotalCount,
    errors: ErrorStatistics.OtherCount,
    throttles: ErrorStatistics.ThrottleCount,
  };
}
