import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { endsOf } from "../address/time-span.ts";
import { useView } from "../address/use-view.ts";
import type { View } from "../address/view-address.ts";
import { readTimeSeries } from "../api-client.ts";
import { formatDuration, formatRate } from "../ui/format.ts";
import { LineChart } from "./line-chart.tsx";
import { redSeries } from "./red-series.ts";
import { stepSeconds } from "./time-steps.ts";

/** Rate, errors and duration of a selection over time. Dragging over a part of it narrows the time down to that. */
export function RedCharts({ selector, view }: { selector: string; view: View }): ReactElement {
  const { show } = useView();
  const periodSeconds = stepSeconds(view.span);
  const { data } = useQuery({
    queryKey: ["series", selector, view.filter, view.span],
    queryFn: async ({ signal }) => {
      const range = { ...endsOf(view.span, Date.now() / 1000), periodSeconds };
      const answer = await readTimeSeries({ ...range, filter: view.filter, selector }, signal);
      return redSeries(answer.TimeSeriesServiceStatistics, range);
    },
    placeholderData: (before) => before,
    refetchInterval: 10_000,
  });
  if (data === undefined) return <div className="skeleton red-charts" />;
  const { seconds, perSecond, error, throttle, fault, p50, p95, p99 } = data;
  const onRange = (startSeconds: number, endSeconds: number): void => {
    // No narrower than what one step tells.
    const start = Math.floor(startSeconds / periodSeconds) * periodSeconds;
    const end = Math.max(start + periodSeconds, Math.ceil(endSeconds / periodSeconds) * periodSeconds);
    show({ span: { kind: "between", startSeconds: start, endSeconds: end } }, "push");
  };
  const most = (values: readonly (number | undefined)[]): number => Math.max(0, ...values.map((value) => value ?? 0));
  const percent = (value: number): string => `${Number(value.toPrecision(2))} %`;
  return (
    <div className="red-charts">
      <LineChart
        title="Rate"
        summary={`Calls over time, at most ${formatRate(most(perSecond))}`}
        seconds={seconds}
        lines={[{ label: "calls", colour: "accent", values: perSecond, isFilled: true }]}
        format={formatRate}
        onRange={onRange}
      />
      <LineChart
        title="Failing"
        summary={`Share of calls that failed over time: faults at most ${percent(most(fault))}, errors at most ${percent(most(error))}`}
        seconds={seconds}
        lines={[
          { label: "fault", colour: "fault", values: fault, isFilled: true },
          { label: "throttle", colour: "throttle", values: throttle },
          { label: "error", colour: "error", values: error },
        ]}
        format={percent}
        onRange={onRange}
      />
      <LineChart
        title="Duration"
        summary={`Response time over time: p95 at most ${formatDuration(most(p95))}`}
        seconds={seconds}
        lines={[
          { label: "p50", colour: "muted", values: p50 },
          { label: "p95", colour: "accent", values: p95 },
          { label: "p99", colour: "service-4", values: p99 },
        ]}
        format={(value) => (value === 0 ? "0" : formatDuration(value))}
        onRange={onRange}
      />
    </div>
  );
}
