import type { ReactElement } from "react";
import { Link } from "wouter";
import type { WireImpact, WireInsight } from "../../api/wire-insights.ts";
import { serviceText } from "../address/selector-text.ts";
import { pageAddress, type View } from "../address/view-address.ts";
import { Failure } from "../ui/failure.tsx";
import { formatDuration, formatMoment, formatTime } from "../ui/format.ts";
import { HealthBar } from "../ui/health-bar.tsx";
import { Icon } from "../ui/icon.tsx";
import { ScrollArea } from "../ui/scroll-area.tsx";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { ImpactGraph } from "./impact-graph.tsx";
import { useImpactGraph, useInsight, useInsightEvents } from "./use-insights.ts";

/** One insight: what it says, whom it touches, and how it went. */
export function InsightView({ id, view, nowSeconds }: { id: string; view: View; nowSeconds: number }): ReactElement {
  const { data: insight, error } = useInsight(id);
  return (
    <ScrollArea label="The insight" className="insight-view page-scroll">
      <p>
        <Link className="back" href={pageAddress("/insights", view)}>
          <Icon name="left" size={14} /> All insights
        </Link>
      </p>
      {insight === undefined && error === null && <SkeletonRows />}
      {insight === undefined && error !== null && <Failure error={error} what="The insight cannot be read" />}
      {insight !== undefined && <About insight={insight} view={view} nowSeconds={nowSeconds} />}
    </ScrollArea>
  );
}

function About({ insight, view, nowSeconds }: { insight: WireInsight; view: View; nowSeconds: number }): ReactElement {
  const events = useInsightEvents(insight.InsightId);
  const graph = useImpactGraph(insight);
  const { RootCauseServiceId: cause, State, StartTime, EndTime, Summary, GroupName } = insight;
  const isActive = State === "ACTIVE";
  const end = EndTime ?? nowSeconds;
  const span = { kind: "between", startSeconds: StartTime - 60, endSeconds: end + 60 } as const;
  const node = { name: cause.Name, ...(cause.Type !== undefined && { type: cause.Type }) };
  return (
    <>
      <header className="insight-head">
        <h2>
          Faults of {cause.Name}{" "}
          <span className={isActive ? "tag fault" : "tag"}>{isActive ? "active" : "closed"}</span>
        </h2>
        <p>{Summary}</p>
        <p className="muted tabular">
          Group {GroupName} · {formatMoment(StartTime).replace(/\.\d+$/, "")}
          {EndTime === undefined ? " until now" : ` to ${formatTime(EndTime)}`} · {formatDuration(end - StartTime)}
        </p>
        <p className="actions">
          <Link
            className="button primary"
            href={pageAddress("/traces", view, { filter: `${serviceText(node)} { fault }`, span })}
          >
            Its failing traces
          </Link>
          <Link className="button" href={pageAddress("/map", view, { select: serviceText(node), span })}>
            The map of that time
          </Link>
        </p>
      </header>
      <div className="insight-impacts">
        <Impact title="Requests of clients" impact={insight.ClientRequestImpactStatistics} />
        <Impact title={`Requests of ${cause.Name}`} impact={insight.RootCauseServiceRequestImpactStatistics} />
      </div>
      <section>
        <h3>Who is touched</h3>
        {graph === undefined ? (
          <SkeletonRows />
        ) : graph.Services.length === 0 ? (
          <p className="muted">The traces of that time are no longer here.</p>
        ) : (
          <ImpactGraph
            graph={graph}
            rootCause={cause}
            anomalous={insight.TopAnomalousServices.map(({ ServiceId }) => ServiceId)}
            view={view}
          />
        )}
      </section>
      <section>
        <h3>How it went</h3>
        <ol className="insight-events">
          {events?.map(({ EventTime, Summary: text, ClientRequestImpactStatistics: impact }) => (
            <li key={`${EventTime} ${text}`}>
              <span className="tabular muted">{formatTime(EventTime)}</span>
              <span>
                {text}{" "}
                <span className="muted tabular">
                  {impact.FaultCount} of {impact.TotalCount} client requests failed so far.
                </span>
              </span>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

function Impact({ title, impact }: { title: string; impact: WireImpact }): ReactElement {
  const { FaultCount: fault, OkCount: ok, TotalCount: total } = impact;
  return (
    <section>
      <h3>{title}</h3>
      <HealthBar shares={{ ok, fault, throttle: 0, error: Math.max(0, total - ok - fault) }} />
    </section>
  );
}
