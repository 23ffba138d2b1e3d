import { lazy, type ReactElement, Suspense, useEffect, useState } from "react";
import type { Skeleton } from "../../analysis/skeleton.ts";
import { useView } from "../address/use-view.ts";
import type { TraceTab } from "../address/view-address.ts";
import { MissingTrace } from "../timeline/missing-trace.tsx";
import { RawTab } from "../timeline/raw-tab.tsx";
import { TraceHeader } from "../timeline/trace-header.tsx";
import { TraceTimeline } from "../timeline/trace-timeline.tsx";
import { drawnUntil } from "../timeline/trace-words.ts";
import { useCriticalPath } from "../timeline/use-critical-path.ts";
import { useTrace } from "../timeline/use-trace.ts";
import { Failure } from "../ui/failure.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { Tabs } from "../ui/tabs.tsx";
import "../styles/timeline.css";

const TraceMap = lazy(() => import("../timeline/trace-map.tsx").then(({ TraceMap }) => ({ default: TraceMap })));
const TraceFlame = lazy(() =>
  import("../timeline/trace-flame.tsx").then(({ TraceFlame }) => ({ default: TraceFlame })),
);
const TraceStatistics = lazy(() =>
  import("../timeline/trace-statistics.tsx").then(({ TraceStatistics }) => ({ default: TraceStatistics })),
);

const tabs: readonly { readonly id: TraceTab; readonly label: string }[] = [
  { id: "waterfall", label: "Waterfall" },
  { id: "flame", label: "Flame" },
  { id: "map", label: "Map" },
  { id: "table", label: "Table" },
  { id: "raw", label: "Raw" },
];

/** One trace: what happened, in which order, and why it took so long or failed. */
export function TracePage({ id }: { id: string }): ReactElement {
  const { trace, error } = useTrace(id);
  if (trace === null) return <MissingTrace id={id} />;
  if (trace !== undefined) return <TraceBody trace={trace} />;
  if (error !== null) return <Failure error={error} what="The trace cannot be read" />;
  return (
    <div className="trace-page" aria-busy="true">
      <h1 className="unseen">Trace</h1>
      <div className="trace-header">
        <div className="skeleton line wide" />
        <div className="skeleton line" />
      </div>
      <SkeletonRows />
    </div>
  );
}

/** A trace whose skeleton is there. */
function TraceBody({ trace }: { trace: Skeleton }): ReactElement {
  const { view, show } = useView();
  const untilSeconds = drawnUntil(trace, useNow(trace.isPartial));
  const path = useCriticalPath(trace);
  const { status, method, title } = trace.words;
  usePageTitle([status, method, title].filter((part) => part !== undefined).join(" "));
  return (
    <div className="trace-page">
      <TraceHeader trace={trace} path={path} untilSeconds={untilSeconds} />
      <Tabs label="Views of the trace" tabs={tabs} chosen={view.tab} onChoose={(tab) => show({ tab }, "push")} />
      <div className="tab-panel" role="tabpanel" id={`panel-${view.tab}`} aria-labelledby={`tab-${view.tab}`}>
        <Suspense fallback={<SkeletonRows />}>
          {view.tab === "waterfall" && <TraceTimeline trace={trace} path={path} untilSeconds={untilSeconds} />}
          {view.tab === "flame" && <TraceFlame trace={trace} untilSeconds={untilSeconds} />}
          {view.tab === "map" && <TraceMap trace={trace} />}
          {view.tab === "table" && <TraceStatistics trace={trace} />}
          {view.tab === "raw" && <RawTab trace={trace} />}
        </Suspense>
      </div>
    </div>
  );
}

/** Work in progress grows once a second, as long as it is not older than an hour. */
function useNow(isPartial: boolean): number {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    if (!isPartial) return;
    const timer = setInterval(() => setNow(Date.now() / 1000), 1_000);
    return () => clearInterval(timer);
  }, [isPartial]);
  return now;
}
