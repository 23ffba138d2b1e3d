import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Overview } from "../analysis/overview.ts";
import { isSearchable } from "../analysis/value-search.ts";
import type { OverviewQuery } from "../store/trace-store.ts";
import { answer, answerLines, wantsLines } from "./answer.ts";
import { invalidRequest } from "./aws-errors.ts";
import { filterOf } from "./groups.ts";
import type { Api } from "./operation.ts";
import { timeRange } from "./time-range.ts";
import { integer, number, object, optional, text } from "./validate.ts";
import { whileClientStays } from "./while-client-stays.ts";

/** A glance at so many traces takes some seconds of one reader's time, which lets other questions in between. */
const mostTraces = 500_000;
/** Who types waits for each of these. */
const mostTracesSearched = 100_000;

const overviewQuery = object({
  start: number(),
  end: number(),
  filter: optional(text({ max: 2_000 })),
  columns: optional(integer({ min: 0, max: 240 })),
  values: optional(integer({ min: 0, max: 50 })),
});

const valuesQuery = object({
  start: number(),
  end: number(),
  filter: optional(text({ max: 2_000 })),
  keyword: text({ min: 1, max: 500 }),
  contains: optional(text({ max: 200 })),
  limit: optional(integer({ min: 1, max: 200 })),
});

type OverviewApi = Pick<Api, "store" | "settings" | "config" | "now">;

/** What the list of traces shows beside the list: all traces of a range and filter at a glance, and the values they have. */
export function addOverviewRoutes(app: FastifyInstance, api: OverviewApi): void {
  app.get("/api/overview", async (request, reply) => {
    const { columns = 0, values = 0, ...asked } = overviewQuery(numbersIn(request), "");
    const query = await queryOf(asked, api, { columns, values, mostTraces });
    return whileClientStays(reply, async (signal) => {
      if (!wantsLines(request)) return answer(request, reply, await api.store.overview(query, undefined, signal));
      await answerLines(reply, (onPartial) => api.store.overview(query, onPartial, signal));
      return undefined;
    });
  });

  app.get("/api/values", async (request, reply) => {
    const { keyword, contains = "", limit = 50, ...asked } = valuesQuery(numbersIn(request), "");
    if (!isSearchable(keyword)) throw invalidRequest(`The values of "${keyword}" are not known.`);
    const search = { keyword, contains };
    const query = await queryOf(asked, api, { columns: 0, values: limit, search, mostTraces: mostTracesSearched });
    return whileClientStays(reply, async (signal) =>
      answer(request, reply, valuesOf(await api.store.overview(query, undefined, signal))),
    );
  });
}

/** The commonest first. */
function valuesOf({ facets: [facet], isPartial }: Overview): object {
  const values = (facet?.values ?? []).map(({ value, traces }) => ({ value, traces }));
  return { values, isPartial: isPartial || facet?.isOpen === true };
}

async function queryOf(
  { start, end, filter: expression }: { start: number; end: number; filter?: string },
  { settings, config, now }: OverviewApi,
  more: Omit<OverviewQuery, "startSeconds" | "endSeconds" | "filter">,
): Promise<OverviewQuery> {
  const range = timeRange({ StartTime: start, EndTime: end }, now());
  const filter = await filterOf({ ...(expression && { FilterExpression: expression }) }, { settings, config });
  return { ...range, ...more, ...(filter && { filter }) };
}

const numeric = ["start", "end", "columns", "values", "limit"];

/** A query string has texts only; what cannot be a number stays one, for the check to refuse by its name. */
function numbersIn({ query }: FastifyRequest): Record<string, unknown> {
  const members = Object.entries(query as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    members.map(([name, value]) => {
      const isNumber = numeric.includes(name) && typeof value === "string" && value.trim() !== "";
      return [name, isNumber && Number.isFinite(Number(value)) ? Number(value) : value];
    }),
  );
}
