import { type ReactElement, useEffect, useMemo, useRef, useState } from "react";
import type { Skeleton } from "../../analysis/skeleton.ts";
import { useView } from "../address/use-view.ts";
import { withOwn } from "../address/view-address.ts";
import { useShortcuts } from "../ui/shortcuts.ts";
import { copyRowLink } from "./copy-row-link.ts";
import { rowOfEntry } from "./entries.ts";
import { filterRows } from "./filter-rows.ts";
import { FocusPath } from "./focus-path.tsx";
import { Minimap } from "./minimap.tsx";
import { NothingPasses } from "./nothing-passes.tsx";
import type { PathOfRows } from "./path-of-rows.ts";
import { SpanDetails } from "./span-details.tsx";
import { TimelineTools } from "./timeline-tools.tsx";
import { readTimelineView, type TimelineView, writeTimelineView } from "./timeline-view.ts";
import { useFolding } from "./use-folding.ts";
import { useSearch } from "./use-search.ts";
import { Waterfall } from "./waterfall.tsx";
import { zoomBy } from "./zoom.ts";

/** The address follows the eye at this pace: browsers forbid changing it with every key press. */
const addressMs = 250;

export interface TraceTimelineProps {
  readonly trace: Skeleton;
  readonly path: PathOfRows | undefined;
  readonly untilSeconds: number;
}

/** The waterfall with its search and, beside it, the details of one row. */
export function TraceTimeline({ trace, path, untilSeconds }: TraceTimelineProps): ReactElement {
  const { view, show } = useView();
  const look = useMemo(() => readTimelineView(view.own), [view.own]);
  const onView = (change: Partial<TimelineView>, step: "push" | "replace" = "replace"): void =>
    show((now) => withOwn(now, writeTimelineView(change)), step);
  const [find, setFind] = useState(view.find);
  const field = useRef<HTMLInputElement>(null);
  const { rows: found, isPending } = useSearch(trace, find);
  const matches = useMemo(() => new Set(found), [found]);
  const filtered = useMemo(() => {
    const only = look.onlyMatches && find.trim() !== "" ? { only: found } : {};
    const { minMs, services, onlyFailed } = look;
    return filterRows(trace, { minSeconds: minMs / 1_000, services, onlyFailed, ...only });
  }, [trace, look, find, found]);
  const focus = look.focus === undefined ? -1 : trace.ids.rowOf(look.focus);
  const folding = useFolding(trace, { focus, passages: filtered?.passages });

  const [place, setPlace] = useState(() => ({ id: view.segment, isGroup: false }));
  const [isOpen, setOpen] = useState(view.segment !== undefined);
  const known = place.id === undefined ? -1 : trace.ids.rowOf(place.id);
  const row = known >= 0 ? known : Math.max(0, focus);
  const group = folding.groupOf[row] ?? -1;
  const active = place.isGroup && group >= 0 ? -1 - group : row;
  const activate = (entry: number): void =>
    setPlace({ id: trace.ids.at(rowOfEntry(entry, folding.groups)), isGroup: entry < 0 });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is written, not read, here
  useEffect(() => {
    const segment = isOpen ? trace.ids.at(row) : undefined;
    if (segment === view.segment && find === view.find) return;
    const timer = setTimeout(() => show({ segment, find }), addressMs);
    return () => clearTimeout(timer);
  }, [row, isOpen, find]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only the row that the address names is brought into view
  useEffect(() => {
    if (view.segment !== undefined) folding.reveal(row);
  }, []);

  const go = (to: number): void => {
    folding.reveal(to);
    activate(to);
  };
  const step = (by: 1 | -1): void => {
    if (found.length === 0) return;
    const next = by === 1 ? found.find((each) => each > row) : found.findLast((each) => each < row);
    go(next ?? (by === 1 ? found[0]! : found.at(-1)!));
  };
  const focusOn = (id: string | undefined): void => onView({ focus: id }, "push");
  const zoom = (factor: number): void => {
    const whole = untilSeconds - trace.startSeconds;
    const middle = (trace.starts[row]! + (trace.ends[row] || untilSeconds)) / 2;
    onView({ zoom: zoomBy(look.zoom, factor, whole <= 0 ? 0.5 : (middle - trace.startSeconds) / whole) });
  };
  useShortcuts({
    "/": () => field.current?.focus(),
    n: () => step(1),
    N: () => step(-1),
    m: () => onView({ onlyMatches: !look.onlyMatches }),
    c: () => onView({ showsPath: !look.showsPath }),
    y: () => void copyRowLink(trace.ids.at(row)),
    ".": () => focusOn(trace.ids.at(row)),
    "+": () => zoom(2),
    "-": () => zoom(0.5),
    "0": () => onView({ zoom: { from: 0, to: 1 } }),
    Escape: () => {
      if (isOpen) setOpen(false);
      else if (focus >= 0) focusOn(trace.parents[focus]! >= 0 ? trace.ids.at(trace.parents[focus]!) : undefined);
    },
  });

  return (
    <div className={isOpen ? "timeline with-details" : "timeline"}>
      <div className="timeline-main">
        <TimelineTools
          trace={trace}
          view={look}
          onView={onView}
          folding={folding}
          field={field}
          find={find}
          onFind={setFind}
          found={found}
          isSearching={isPending}
          at={found.indexOf(row)}
          onStep={step}
          passing={filtered?.passing}
        />
        {focus >= 0 && <FocusPath trace={trace} focus={focus} onFocus={focusOn} />}
        <Minimap trace={trace} untilSeconds={untilSeconds} zoom={look.zoom} onZoom={(next) => onView({ zoom: next })} />
        {folding.entries.length === 0 ? (
          <NothingPasses onShowAll={() => onView({ minMs: 0, services: [], onlyFailed: false, onlyMatches: false })} />
        ) : (
          <Waterfall
            trace={trace}
            folding={folding}
            active={active}
            focus={focus}
            isOpen={isOpen}
            matches={matches}
            passages={filtered?.passages}
            zoom={look.zoom}
            path={look.showsPath ? path : undefined}
            untilSeconds={untilSeconds}
            onActive={activate}
            onOpen={(entry) => {
              activate(entry);
              if (entry < 0) folding.openGroup(-1 - entry, !folding.isOpen(-1 - entry));
              else setOpen(true);
            }}
          />
        )}
      </div>
      {isOpen && trace.count > 0 && (
        <SpanDetails
          trace={trace}
          row={row}
          untilSeconds={untilSeconds}
          onClose={() => setOpen(false)}
          onFocus={() => focusOn(trace.ids.at(row))}
          onRow={go}
        />
      )}
    </div>
  );
}
