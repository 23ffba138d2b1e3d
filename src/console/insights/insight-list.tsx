import type { ReactElement } from "react";
import { Link } from "wouter";
import type { WireInsight } from "../../api/wire-insights.ts";
import { pageAddress, type View } from "../address/view-address.ts";
import { formatDuration, formatMoment, formatShare } from "../ui/format.ts";
import { StateMark } from "../ui/state-mark.tsx";

export interface InsightListProps {
  readonly insights: readonly WireInsight[];
  readonly view: View;
  readonly nowSeconds: number;
}

/** The insights of a time: what went wrong, since when, and how many it touched. */
export function InsightList({ insights, view, nowSeconds }: InsightListProps): ReactElement {
  return (
    <ol className="insight-list">
      {insights.map((insight) => {
        const { InsightId, State, StartTime, EndTime, Summary, GroupName, RootCauseServiceId } = insight;
        const { FaultCount, TotalCount } = insight.ClientRequestImpactStatistics;
        const isActive = State === "ACTIVE";
        return (
          <li key={InsightId}>
            <Link href={pageAddress("/insights", view, { own: { insight: InsightId } })}>
              <span className="insight-title">
                <StateMark state={isActive ? "fault" : "ok"} isSilent />
                <b>{RootCauseServiceId.Name}</b>
                <span className={isActive ? "tag fault" : "tag"}>{isActive ? "active" : "closed"}</span>
                <span className="tag">{GroupName}</span>
              </span>
              <span className="insight-summary">{Summary}</span>
              <span className="muted tabular">
                {formatMoment(StartTime).replace(/\.\d+$/, "")} · {isActive ? "for" : "took"}{" "}
                {formatDuration((EndTime ?? nowSeconds) - StartTime)} · {formatShare(FaultCount, TotalCount)} of{" "}
                {TotalCount.toLocaleString("en")} client requests failed
              </span>
            </Link>
          </li>
        );
      })}
    </ol>
  );
}
