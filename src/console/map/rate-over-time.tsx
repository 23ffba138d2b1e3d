import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { endsOf } from "../address/time-span.ts";
import type { View } from "../address/view-address.ts";
import { readTimeSeries } from "../api-client.ts";
import { RateChart } from "./rate-chart.tsx";

/** Steps that a range is cut into: at most so many. */
const mostSteps = 60;
const periods = [60, 300, 900, 3_600, 10_800, 86_400];

/** Asks for the figures of a selection over time, and draws them. */
export function RateOverTime({ selector, view }: { selector: string; view: View }): ReactElement {
  const seconds = view.span.kind === "last" ? view.span.seconds : view.span.endSeconds - view.span.startSeconds;
  const periodSeconds = periods.find((period) => seconds / period <= mostSteps) ?? periods.at(-1)!;
  const { data } = useQuery({
    queryKey: ["series", selector, view.filter, view.span],
    queryFn: async ({ signal }) => {
      const range = endsOf(view.span, Date.now() / 1000);
      const answer = await readTimeSeries({ ...range, filter: view.filter, selector, periodSeconds }, signal);
      return { ...range, points: answer.TimeSeriesServiceStatistics };
    },
    placeholderData: (before) => before,
    refetchInterval: 10_000,
  });
  if (data === undefined) return <div className="skeleton rate-chart" />;
  return <RateChart {...data} periodSeconds={periodSeconds} />;
}
