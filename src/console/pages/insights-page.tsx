import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { Link } from "wouter";
import { useView } from "../address/use-view.ts";
import { post } from "../api-client.ts";
import { InsightList } from "../insights/insight-list.tsx";
import { InsightView } from "../insights/insight-view.tsx";
import { type Insights, useInsights } from "../insights/use-insights.ts";
import { Failure } from "../ui/failure.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { ScrollArea } from "../ui/scroll-area.tsx";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import "../styles/insights.css";

/** Faults out of the ordinary: which there were, and one of them in full. */
export function InsightsPage(): ReactElement {
  usePageTitle("Insights");
  const { view } = useView();
  const [nowSeconds] = useState(() => Date.now() / 1000);
  const { insight } = view.own;
  if (insight !== undefined) return <InsightView key={insight} id={insight} view={view} nowSeconds={nowSeconds} />;
  return <AllInsights nowSeconds={nowSeconds} />;
}

function AllInsights({ nowSeconds }: { nowSeconds: number }): ReactElement {
  const { view } = useView();
  const { data, error } = useInsights(view.span);
  return (
    <ScrollArea label="Insights" className="insights-page page-scroll">
      {data === undefined && error === null && <SkeletonRows />}
      {data === undefined && error !== null && <Failure error={error} what="The insights cannot be read" />}
      {data !== undefined && data.insights.length > 0 && (
        <InsightList insights={data.insights} view={view} nowSeconds={nowSeconds} />
      )}
      {data?.insights.length === 0 && <NoInsights groups={data.groups} />}
    </ScrollArea>
  );
}

/** Why there are none: nothing happened, or nobody watches. */
function NoInsights({ groups }: Pick<Insights, "groups">): ReactElement {
  const client = useQueryClient();
  const watched = groups.filter(({ InsightsConfiguration }) => InsightsConfiguration.InsightsEnabled);
  const turnOn = useMutation({
    mutationFn: () => post("/UpdateGroup", { GroupName: "Default", InsightsConfiguration: { InsightsEnabled: true } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["insights"] }),
  });
  if (watched.length > 0) {
    return (
      <div className="empty" role="status">
        <h2>No insights in this time</h2>
        <p className="muted">
          Watched {watched.length === 1 ? "is the group" : "are the groups"}{" "}
          {watched.map(({ GroupName }) => GroupName).join(", ")}: an insight opens when faults leave the band that is
          usual for a service.
        </p>
      </div>
    );
  }
  return (
    <div className="empty" role="status">
      <h2>Nobody watches for faults</h2>
      <p className="muted">
        An insight opens when the faults of a service leave the band that is usual for it, and follows them until they
        are back. It is turned on group by group.
      </p>
      <p className="actions">
        <button type="button" className="primary" disabled={turnOn.isPending} onClick={() => turnOn.mutate()}>
          Watch all traces
        </button>
        <Link className="button" href="/settings/groups">
          Choose groups
        </Link>
      </p>
      {turnOn.error !== null && <p className="state-text fault">{turnOn.error.message}</p>}
    </div>
  );
}
