import { parseSelection, parseSelector, type Selection } from "../../filter/parser.ts";
import type { EntitySelector } from "../../graph/choose-cells.ts";
import { invalidRequest } from "../aws-errors.ts";
import { forecastFaults } from "../forecast.ts";
import { filterOf, groupMembers, readingOptions } from "../groups.ts";
import { type Api, type Operation, operation } from "../operation.ts";
import { refuseToken } from "../paging.ts";
import { timeRange } from "../time-range.ts";
import { flag, integer, object, optional, text, time } from "../validate.ts";
import type { GetTimeSeriesServiceStatisticsRequest, GetTimeSeriesServiceStatisticsResponse } from "../wire.ts";
import { wireHistogram, wireStatistics } from "../wire-graph.ts";

const request = object({
  StartTime: time,
  EndTime: time,
  ...groupMembers,
  EntitySelectorExpression: optional(text({ min: 1, max: 500 })),
  Period: optional(integer({ min: 1, max: 86_400 })),
  ForecastStatistics: optional(flag),
  NextToken: optional(text()),
  FilterExpression: optional(text({ max: 2_000 })),
});

/** Statistics of one node or edge, or of all that enters, per period. Periods without traffic are left out. */
export const getTimeSeriesServiceStatistics: Operation = operation({
  name: "GetTimeSeriesServiceStatistics",
  path: "/TimeSeriesServiceStatistics",
  access: "read",
  request,
  async run(
    members: GetTimeSeriesServiceStatisticsRequest,
    { store, settings, config, now },
  ): Promise<GetTimeSeriesServiceStatisticsResponse> {
    refuseToken(members.NextToken);
    const { selector, filter: selected } = await selectionOf(members, { settings, config });
    const terms = [await filterOf(members, { settings, config }), selected].filter((each) => each !== undefined);
    const filter = terms.length > 1 ? ({ kind: "and", terms } as const) : terms[0];
    if (members.ForecastStatistics && !selectsById(members.EntitySelectorExpression)) {
      throw invalidRequest("ForecastStatistics needs an EntitySelectorExpression with an id.");
    }
    const points = await store.timeSeries({
      ...timeRange(members, now()),
      periodSeconds: members.Period ?? 60,
      ...(selector && { selector }),
      ...(filter && { filter }),
    });
    const name = statisticsName(selector);
    const forecasts = members.ForecastStatistics ? forecastFaults(points) : [];
    return {
      TimeSeriesServiceStatistics: points.map(({ startSeconds, statistics }, index) => ({
        Timestamp: startSeconds,
        [name]: wireStatistics(statistics),
        ...(forecasts[index] && { ServiceForecastStatistics: forecasts[index] }),
        ResponseTimeHistogram: wireHistogram(statistics.histogram),
      })),
      ContainsOldGroupVersions: false,
    };
  },
});

/** What the selector names; with our own terms it may be any filter as well, which then says which traces count. */
async function selectionOf(
  { EntitySelectorExpression: expression }: GetTimeSeriesServiceStatisticsRequest,
  { settings, config }: Pick<Api, "settings" | "config">,
): Promise<Selection> {
  if (expression === undefined) return {};
  if (config.strictLimits) return { selector: parseSelector(expression) };
  return parseSelection(expression, readingOptions(await settings.read(), config));
}

/** Without a selector it is the client edges that are counted, so edge statistics. */
function statisticsName(selector: EntitySelector | undefined): "ServiceSummaryStatistics" | "EdgeSummaryStatistics" {
  return selector?.kind === "service" ? "ServiceSummaryStatistics" : "EdgeSummaryStatistics";
}

function selectsById(expression: string | undefined): boolean {
  return expression !== undefined && /\bid\s*\(/i.test(expression);
}
