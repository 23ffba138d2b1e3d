import type { FastifyInstance, FastifyRequest } from "fastify";
import { percentile } from "../graph/percentile.ts";
import type { GraphNode, ServiceGraph, Statistics } from "../graph/service-graph.ts";
import { answer } from "./answer.ts";
import { invalidRequest } from "./aws-errors.ts";
import { filterOf } from "./groups.ts";
import type { Api } from "./operation.ts";
import { timeRange } from "./time-range.ts";
import { integer, number, object, optional, text } from "./validate.ts";
import type { ServiceSeries, ServicesSeries } from "./wire-services.ts";

const mostPoints = 60;
/** Points are whole minutes where they can be, so that they are read off what is added up already. */
const minuteSeconds = 60;
/** Longer ranges would mean points that say nothing. */
const mostSeconds = 400 * 86_400;

const seriesQuery = object({
  start: number(),
  end: number(),
  filter: optional(text({ max: 2_000 })),
  points: optional(integer({ min: 1, max: mostPoints })),
});

/** What the list of services shows beside the graph's figures: each service over time, all in one answer. */
export function addServicesRoutes(app: FastifyInstance, api: Pick<Api, "store" | "settings" | "config" | "now">): void {
  app.get("/api/services/series", async (request, reply) => {
    const { start, end, points = 24, filter: expression } = seriesQuery(numbersIn(request), "");
    const { startSeconds, endSeconds } = timeRange({ StartTime: start, EndTime: end }, api.now());
    if (endSeconds - startSeconds > mostSeconds) throw invalidRequest("The range cannot be longer than 400 days.");
    const filter = await filterOf({ ...(expression && { FilterExpression: expression }) }, api);
    const periodSeconds = periodOf(endSeconds - startSeconds, points);
    const first = Math.floor(startSeconds / periodSeconds) * periodSeconds;
    const series = new SeriesByService();
    for (let from = first; from < endSeconds; from += periodSeconds) {
      const query = { startSeconds: from, endSeconds: from + periodSeconds, ...(filter && { filter }) };
      series.add(await api.store.serviceGraph(query));
    }
    const told: ServicesSeries = { startSeconds: first, periodSeconds, services: series.services() };
    return answer(request, reply, told);
  });
}

function periodOf(seconds: number, points: number): number {
  const exact = Math.max(1, seconds / points);
  return exact < minuteSeconds ? Math.ceil(exact) : Math.ceil(exact / minuteSeconds) * minuteSeconds;
}

/** Puts the graphs of one point of time after another into a row for each service. */
class SeriesByService {
  readonly #rows = new Map<string, { readonly node: GraphNode; readonly points: Map<number, Statistics> }>();
  #length = 0;

  add({ nodes }: ServiceGraph): void {
    for (const node of nodes) {
      if (node.isClient || node.statistics.total === 0) continue;
      const key = JSON.stringify([node.name, node.type, node.accountId]);
      const row = this.#rows.get(key) ?? { node, points: new Map<number, Statistics>() };
      this.#rows.set(key, row);
      row.points.set(this.#length, node.statistics);
    }
    this.#length += 1;
  }

  services(): ServiceSeries[] {
    return [...this.#rows.values()].map(({ node: { name, type, accountId }, points }) => {
      const column = (figure: (statistics: Statistics) => number): number[] =>
        Array.from({ length: this.#length }, (_, point) => {
          const statistics = points.get(point);
          return statistics === undefined ? 0 : figure(statistics);
        });
      return {
        name,
        ...(type !== undefined && { type }),
        ...(accountId !== undefined && { accountId }),
        total: column(({ total }) => total),
        fault: column(({ fault }) => fault),
        error: column(({ error, throttle }) => error + throttle),
        p95: column(({ histogram }) => percentile(histogram, 95) ?? 0),
      };
    });
  }
}

/** A query string has texts only; what cannot be a number stays one, for the check to refuse by its name. */
function numbersIn({ query }: FastifyRequest): Record<string, unknown> {
  const members = Object.entries(query as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    members.map(([name, value]) => {
      const isNumber = name !== "filter" && typeof value === "string" && value.trim() !== "";
      return [name, isNumber && Number.isFinite(Number(value)) ? Number(value) : value];
    }),
  );
}
