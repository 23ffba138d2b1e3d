import { type ReactElement, useEffect, useMemo, useState } from "react";
import { useView } from "../address/use-view.ts";
import type { TraceTab } from "../address/view-address.ts";
import { MissingTrace } from "../timeline/missing-trace.tsx";
import { RawDocuments } from "../timeline/raw-documents.tsx";
import { TraceHeader } from "../timeline/trace-header.tsx";
import { TraceMap } from "../timeline/trace-map.tsx";
import { TraceTimeline } from "../timeline/trace-timeline.tsx";
import { traceWords } from "../timeline/trace-words.ts";
import { type LoadedTrace, useTrace } from "../timeline/use-trace.ts";
import { Failure } from "../ui/failure.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { Tabs } from "../ui/tabs.tsx";
import "../styles/timeline.css";

const tabs: readonly { readonly id: TraceTab; readonly label: string }[] = [
  { id: "waterfall", label: "Waterfall" },
  { id: "map", label: "Map" },
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

/** A trace that has been read. The first-run page shows it, too. */
export function TraceBody({ trace }: { trace: LoadedTrace }): ReactElement {
  const { view, show } = useView();
  const { tree } = trace;
  const words = useMemo(() => traceWords(tree), [tree]);
  const nowSeconds = useNow(tree.isPartial);
  usePageTitle([words.status, words.method, words.title].filter(Boolean).join(" "));
  return (
    <div className="trace-page">
      <TraceHeader trace={trace} words={words} nowSeconds={nowSeconds} />
      <Tabs label="Views of the trace" tabs={tabs} chosen={view.tab} onChoose={(tab) => show({ tab }, "push")} />
      <div className="tab-panel" role="tabpanel" id={`panel-${view.tab}`} aria-labelledby={`tab-${view.tab}`}>
        {view.tab === "waterfall" && <TraceTimeline tree={tree} documents={trace.documents} nowSeconds={nowSeconds} />}
        {view.tab === "map" && <TraceMap id={trace.id} revision={trace.revision} tree={tree} />}
        {view.tab === "raw" && <RawDocuments documents={trace.documents} />}
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
