import type { WireTimeSeriesPoint } from "../../api/wire.ts";
import { states } from "../ui/health-states.ts";
import type { State } from "../ui/icon-paths.ts";

/** How the calls of one step of time went. */
export function countsOf({
  ServiceSummaryStatistics,
  EdgeSummaryStatistics,
}: WireTimeSeriesPoint): Record<State, number> {
  const statistics = ServiceSummaryStatistics ?? EdgeSummaryStatistics;
  return {
    ok: statistics?.OkCount ?? 0,
    error: statistics?.ErrorStatistics.OtherCount ?? 0,
    throttle: statistics?.ErrorStatistics.ThrottleCount ?? 0,
    fault: statistics?.FaultStatistics.TotalCount ?? 0,
  };
}

/** All calls of a step. */
export function sumOf(counts: Readonly<Record<State, number>>): number {
  return states.reduce((sum, state) => sum + counts[state], 0);
}
