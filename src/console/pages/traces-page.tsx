import type { ReactElement } from "react";
import { useView } from "../address/use-view.ts";
import { pageAddress } from "../address/view-address.ts";
import { hasClause, refineFilter } from "../filter-bar/refine-filter.ts";
import { chosenView } from "../traces/chosen-view.ts";
import { DurationPlot } from "../traces/duration-plot.tsx";
import { TraceList } from "../traces/trace-list.tsx";
import { useTraces } from "../traces/use-traces.ts";
import { Failure } from "../ui/failure.tsx";
import { plural } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import type { State } from "../ui/icon-paths.ts";
import { NothingHere } from "../ui/nothing-here.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import "../styles/traces.css";

const clauses: readonly { readonly clause: string; readonly label: string; readonly state?: State }[] = [
  { clause: "fault", label: "Faults", state: "fault" },
  { clause: "error", label: "Errors", state: "error" },
  { clause: "throttle", label: "Throttles", state: "throttle" },
  { clause: "responsetime > 1", label: "Over 1 s" },
  { clause: "partial", label: "In progress" },
];

/** The traces that match the filter, newest first. */
export function TracesPage(): ReactElement {
  usePageTitle("Traces");
  const { view, show, go } = useView();
  const list = useTraces(view.filter, view.span);
  const isEmpty = !list.isFirst && list.traces.length === 0;
  return (
    <div className="traces-page" aria-busy={list.isFirst}>
      <h1 className="unseen">Traces</h1>
      <div className="traces-tools">
        <fieldset className="chips" aria-label="Narrow down">
          {clauses.map(({ clause, label, state }) => (
            <button
              key={clause}
              type="button"
              className="chip"
              aria-pressed={hasClause(view.filter, clause)}
              title={clause}
              onClick={() => show({ filter: refineFilter(view.filter, clause) }, "push")}
            >
              {state !== undefined && <StateMark state={state} isSilent />}
              {label}
            </button>
          ))}
        </fieldset>
        <span className="spacer" />
        <span className="muted tabular" role="status">
          {list.isFirst ? "" : `${plural(list.traces.length, "trace")}${list.hasMore ? " and more" : ""}`}
        </span>
      </div>
      {list.traces.length > 1 && (
        <DurationPlot
          traces={list.traces}
          onOpen={(id) => go(`/trace/${id}`)}
          onBrush={(chosen) => show((now) => chosenView(now, chosen), "push")}
        />
      )}
      <div className="traces-stage">
        {list.waiting > 0 && list.traces.length > 0 && (
          <button type="button" className="primary waiting" onClick={list.renew}>
            <Icon name="up" size={14} /> {list.waiting >= 500 ? "500+" : list.waiting} new
          </button>
        )}
        {list.isFirst && list.error === null && <SkeletonRows />}
        {list.isFirst && list.error !== null && <Failure error={list.error} what="The traces cannot be read" />}
        {isEmpty && <NothingHere what="traces" />}
        {list.traces.length > 0 && <TraceList list={list} addressOf={(id) => pageAddress(`/trace/${id}`, view)} />}
      </div>
    </div>
  );
}
