import type { FastifyInstance } from "fastify";
import type { Split } from "../analysis/split-services.ts";
import { answer } from "./answer.ts";
import { invalidRequest } from "./aws-errors.ts";
import { filterOf } from "./groups.ts";
import { splitGraph } from "./map-split.ts";
import type { Api } from "./operation.ts";
import { checkGraphRange, timeRange } from "./time-range.ts";
import { number, object, optional, text } from "./validate.ts";
import type { GetServiceGraphResponse } from "./wire.ts";

const splits: readonly Split[] = ["operation", "environment"];

const query = object({
  start: number(),
  end: number(),
  by: text({ max: 20 }),
  filter: optional(text({ max: 2_000 })),
});

/** What the console's map asks that X-Ray has no operation for: services told apart by operation or environment. */
export function addMapRoutes(app: FastifyInstance, api: Pick<Api, "store" | "settings" | "config" | "now">): void {
  const { store, settings, config, now } = api;
  app.get("/api/map/split", async (request, reply) => {
    const asked = request.query as Readonly<Record<string, unknown>>;
    const {
      start,
      end,
      by,
      filter: expression,
    } = query({ ...asked, start: toNumber(asked.start), end: toNumber(asked.end) }, "");
    const split = splits.find((each) => each === by);
    if (split === undefined) throw invalidRequest(`Services are not told apart by "${by}": by ${splits.join(" or ")}.`);
    const range = timeRange({ StartTime: start, EndTime: end }, now());
    checkGraphRange(range, config.strictLimits);
    const filter = await filterOf({ ...(expression && { FilterExpression: expression }) }, { settings, config });
    const { services, isPartial } = await splitGraph(store, split, { ...range, ...(filter && { filter }) });
    const graph: GetServiceGraphResponse = {
      StartTime: start,
      EndTime: end,
      Services: services,
      ContainsOldGroupVersions: false,
      ...(isPartial && { IsPartial: true }),
    };
    return answer(request, reply, graph);
  });
}

/** A query string has texts only; what is no number stays as it is, to be refused by its name. */
function toNumber(value: unknown): unknown {
  const isNumber = typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));
  return isNumber ? Number(value) : value;
}
