import type { ReactElement } from "react";
import type { Overview } from "../../analysis/overview.ts";
import { useView } from "../address/use-view.ts";
import { hasClause, refineFilter } from "../filter-bar/refine-filter.ts";
import { SavedFilters } from "../filter-bar/saved-filters.tsx";
import { formatCount, plural } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import type { State } from "../ui/icon-paths.ts";
import { useShortcuts } from "../ui/shortcuts.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { switchFollow, useFollow } from "./follow-store.ts";
import { isWhole, type TraceOrder } from "./trace-order.ts";
import type { TraceList } from "./use-traces.ts";

export interface TracesToolsProps {
  readonly list: TraceList;
  readonly order: TraceOrder;
  readonly overview: Overview | undefined;
  readonly areFacetsShown: boolean;
  readonly onShowFacets: (areShown: boolean) => void;
}

const clauses: readonly { readonly clause: string; readonly label: string; readonly state?: State }[] = [
  { clause: "fault", label: "Faults", state: "fault" },
  { clause: "error", label: "Errors", state: "error" },
  { clause: "throttle", label: "Throttles", state: "throttle" },
  { clause: "responsetime > 1", label: "Over 1 s" },
  { clause: "partial", label: "In progress" },
];

/** What narrows the list down with one click, how many there are, and whether the list follows what comes in. */
export function TracesTools(props: TracesToolsProps): ReactElement {
  const { list, order, overview, areFacetsShown, onShowFacets } = props;
  const { view, show } = useView();
  const follows = useFollow((follow) => follow.isOn);
  useShortcuts({ f: () => switchFollow(!follows) });
  return (
    <div className="traces-tools">
      <button type="button" aria-pressed={areFacetsShown} onClick={() => onShowFacets(!areFacetsShown)}>
        <Icon name="menu" size={14} />
        <span>Attributes</span>
      </button>
      <SavedFilters />
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
      <span className="traces-count muted tabular" role="status">
        {countText(list, order, overview)}
      </span>
      <button
        type="button"
        className="quiet follow"
        aria-pressed={follows}
        title="New traces appear at the top by themselves (f)"
        onClick={() => switchFollow(!follows)}
      >
        <Icon name="up" size={14} />
        <span>Follow</span>
      </button>
    </div>
  );
}

/** Of all that match, not only of those that are loaded. */
function countText(list: TraceList, order: TraceOrder, overview: Overview | undefined): string {
  if (list.isFirst) return "";
  const loaded = list.traces.length;
  const sorted = isWhole(order) || !list.hasMore ? "" : `, the newest ${formatCount(loaded)} in order`;
  if (overview === undefined) return `${plural(loaded, "trace")}${list.hasMore ? " and more" : ""}`;
  // The list may be ahead of the overview by what has just come in.
  const traces = list.hasMore
    ? Math.max(loaded, overview.traces)
    : Math.max(loaded, overview.isPartial ? overview.traces : loaded);
  const kept = overview.kept === undefined ? "" : ` (${formatCount(overview.kept)} kept, which stand for all)`;
  const about = overview.kept === undefined ? "" : "≈ ";
  const count = `${about}${plural(traces, "trace")}${overview.isPartial ? " and more" : ""}${kept}`;
  return `${count}${overview.failing > 0 ? `, ${formatCount(overview.failing)} failing` : ""}${sorted}`;
}
