import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { Link } from "wouter";
import type { WireTraceSummary } from "../../api/wire.ts";
import { endsOf } from "../address/time-span.ts";
import { pageAddress, type View } from "../address/view-address.ts";
import { readSummaries } from "../api-client.ts";
import { narrowFilter } from "../filter-bar/refine-filter.ts";
import { entryWords, traceState } from "../traces/summary-words.ts";
import { formatDuration, formatTime } from "../ui/format.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { clauseOf } from "./clause-of.ts";
import type { Figures } from "./figures.ts";
import type { Selected } from "./selection.ts";

export interface NotableTracesProps {
  readonly selected: Selected;
  readonly figures: Figures;
  readonly view: View;
}

const most = 5;

/** The slowest traces of a selection, and the latest of those in which it failed. */
export function NotableTraces({ selected, figures, view }: NotableTracesProps): ReactElement {
  // What took as long as the slowest twentieth: of these few, the page of the newest holds the slowest.
  const slow = useMatching(clauseOf(selected, `responsetime >= ${figures.p95 ?? 0}`), view, true);
  const failing = useMatching(clauseOf(selected, "fault"), view, figures.fault > 0);
  const slowest = slow.toSorted((a, b) => b.Duration - a.Duration).slice(0, most);
  return (
    <>
      <TraceLines title="Slowest" traces={slowest} view={view} />
      <TraceLines title="Latest faults" traces={failing.slice(0, most)} view={view} />
    </>
  );
}

function useMatching(clause: string, view: View, isWanted: boolean): readonly WireTraceSummary[] {
  const filter = narrowFilter(view.filter, clause);
  const { data } = useQuery({
    queryKey: ["notable", filter, view.span],
    queryFn: ({ signal }) => readSummaries({ ...endsOf(view.span, Date.now() / 1000), filter }, signal),
    enabled: isWanted,
    placeholderData: (before) => before,
    refetchInterval: 10_000,
  });
  return data?.TraceSummaries ?? [];
}

function TraceLines(props: { title: string; traces: readonly WireTraceSummary[]; view: View }): ReactElement | false {
  const { title, traces, view } = props;
  return (
    traces.length > 0 && (
      <section>
        <h3>{title}</h3>
        <ul className="trace-lines">
          {traces.map((trace) => {
            const { method, title: name } = entryWords(trace);
            return (
              <li key={trace.Id}>
                <Link href={pageAddress(`/trace/${trace.Id}`, view)}>
                  <StateMark state={traceState(trace)} />
                  <span className="url">
                    {method} {name}
                  </span>
                  <span className="tabular">{formatDuration(trace.Duration)}</span>
                  <span className="tabular muted">{formatTime(trace.StartTime)}</span>
                </Link>
              </li>
            );
          })}
        </ul>
      </section>
    )
  );
}
