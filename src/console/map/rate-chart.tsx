import type { ReactElement } from "react";
import type { WireTimeSeriesPoint } from "../../api/wire.ts";
import { formatTime, plural } from "../ui/format.ts";
import { states } from "../ui/health-states.ts";
import type { State } from "../ui/icon-paths.ts";

export interface RateChartProps {
  readonly points: readonly WireTimeSeriesPoint[];
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly periodSeconds: number;
}

const width = 320;
const height = 56;

/** Calls over time, what went wrong of them on top of what went well. */
export function RateChart({ points, startSeconds, endSeconds, periodSeconds }: RateChartProps): ReactElement {
  const first = Math.floor(startSeconds / periodSeconds);
  const slots = Math.max(1, Math.ceil(endSeconds / periodSeconds) - first);
  const bars = points.map((point) => ({
    slot: Math.floor(point.Timestamp / periodSeconds) - first,
    seconds: point.Timestamp,
    counts: countsOf(point),
  }));
  const most = Math.max(1, ...bars.map(({ counts }) => sumOf(counts)));
  const total = bars.reduce((sum, { counts }) => sum + sumOf(counts), 0);
  const slotWidth = width / slots;
  return (
    <figure className="rate-chart">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${plural(total, "call")} over time, at most ${plural(most, "call")} in one step`}
      >
        {bars.map(({ slot, seconds, counts }) => {
          let bottom = height;
          return (
            <g key={seconds}>
              <title>{`${formatTime(seconds)}: ${plural(sumOf(counts), "call")}`}</title>
              {states.map((state) => {
                const part = (counts[state] / most) * (height - 2);
                bottom -= part;
                return (
                  part > 0 && (
                    <rect
                      key={state}
                      className={state}
                      x={slot * slotWidth + 0.25}
                      y={bottom}
                      width={Math.max(1, slotWidth - 0.5)}
                      height={part}
                    />
                  )
                );
              })}
            </g>
          );
        })}
      </svg>
      <figcaption className="muted tabular">
        <span>{formatTime(startSeconds)}</span>
        <span>{formatTime(endSeconds)}</span>
      </figcaption>
    </figure>
  );
}

function countsOf({ ServiceSummaryStatistics, EdgeSummaryStatistics }: WireTimeSeriesPoint): Record<State, number> {
  const statistics = ServiceSummaryStatistics ?? EdgeSummaryStatistics;
  return {
    ok: statistics?.OkCount ?? 0,
    error: statistics?.ErrorStatistics.OtherCount ?? 0,
    throttle: statistics?.ErrorStatistics.ThrottleCount ?? 0,
    fault: statistics?.FaultStatistics.TotalCount ?? 0,
  };
}

function sumOf(counts: Readonly<Record<State, number>>): number {
  return states.reduce((sum, state) => sum + counts[state], 0);
}
