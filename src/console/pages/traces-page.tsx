import { type ReactElement, useState } from "react";
import { useView } from "../address/use-view.ts";
import { pageAddress, withOwn } from "../address/view-address.ts";
import { NothingMatches } from "../filter-bar/nothing-matches.tsx";
import { FacetPanel } from "../traces/facet-panel.tsx";
import { boxedView } from "../traces/heat-box.ts";
import { Heatmap } from "../traces/heatmap.tsx";
import { pickTrace } from "../traces/pick-trace.ts";
import { PickedBar } from "../traces/picked-bar.tsx";
import { TraceList } from "../traces/trace-list.tsx";
import { readOrder } from "../traces/trace-order.ts";
import { TracesTools } from "../traces/traces-tools.tsx";
import { useFacetsShown } from "../traces/use-facets-shown.ts";
import { useHeatmap } from "../traces/use-overview.ts";
import { useTraces } from "../traces/use-traces.ts";
import { Failure } from "../ui/failure.tsx";
import { Icon } from "../ui/icon.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import "../styles/traces.css";

/** The traces that match the filter: at a glance, by what they have in common, and one by one. */
export function TracesPage(): ReactElement {
  usePageTitle("Traces");
  const { view, show, go } = useView();
  const order = readOrder(view.own.order);
  const list = useTraces(view.filter, view.span, order);
  const { overview, isStale } = useHeatmap(view.filter, view.span);
  const [areFacetsShown, showFacets] = useFacetsShown();
  const [picked, setPicked] = useState<readonly string[]>([]);
  const compare = (a: string, b: string): void => go("/compare", { own: { a, b } });
  const isEmpty = !list.isFirst && list.traces.length === 0;
  const heatmap = overview?.heatmap;
  return (
    <div className="traces-page" aria-busy={list.isFirst}>
      <h1 className="unseen">Traces</h1>
      <TracesTools
        list={list}
        order={order}
        overview={overview}
        areFacetsShown={areFacetsShown}
        onShowFacets={showFacets}
      />
      <div className="traces-body">
        {areFacetsShown && !isEmpty && <FacetPanel filter={view.filter} span={view.span} />}
        <div className="traces-main">
          {!isEmpty &&
            (heatmap === undefined ? (
              <div className="heatmap" aria-hidden="true" />
            ) : (
              <Heatmap
                heatmap={heatmap}
                isStale={isStale}
                onChoose={(box) => show((now) => boxedView(heatmap, box, now), "push")}
              />
            ))}
          <div className="traces-stage">
            {list.waiting > 0 && list.traces.length > 0 && (
              <button type="button" className="primary waiting" onClick={list.renew}>
                <Icon name="up" size={14} /> {list.waiting >= 500 ? "500+" : list.waiting} new
              </button>
            )}
            {list.isFirst && list.error === null && <SkeletonRows />}
            {list.isFirst && list.error !== null && <Failure error={list.error} what="The traces cannot be read" />}
            {isEmpty && <NothingMatches what="traces" />}
            {list.traces.length > 0 && (
              <TraceList
                list={list}
                order={order}
                picked={picked}
                addressOf={(id) => pageAddress(`/trace/${id}`, view)}
                onOrder={(next) => show((now) => withOwn(now, { order: next === "newest" ? "" : next }), "push")}
                onPick={(id) => setPicked((before) => pickTrace(before, id))}
                onCompare={compare}
              />
            )}
            {picked.length > 0 && <PickedBar picked={picked} onCompare={compare} onDrop={() => setPicked([])} />}
          </div>
        </div>
      </div>
    </div>
  );
}
