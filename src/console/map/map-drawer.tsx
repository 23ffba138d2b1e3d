import { lazy, type ReactElement, Suspense, useEffect, useRef } from "react";
import { Link } from "wouter";
import { estimateWords } from "../../analysis/estimate-words.ts";
import { useView } from "../address/use-view.ts";
import { pageAddress, type View } from "../address/view-address.ts";
import { narrowFilter } from "../filter-bar/refine-filter.ts";
import { formatCount, formatDuration, formatRate } from "../ui/format.ts";
import { HealthBar } from "../ui/health-bar.tsx";
import { Icon } from "../ui/icon.tsx";
import { clauseOf, operationConditions } from "./clause-of.ts";
import type { Figures } from "./figures.ts";
import { LatencyBrush } from "./latency-brush.tsx";
import type { MapChoices } from "./map-choices.ts";
import { MapNeighbours } from "./map-neighbours.tsx";
import { nodeName } from "./map-twin.tsx";
import type { MapView } from "./map-view.ts";
import { typeLabel } from "./node-kind.ts";
import { NotableTraces } from "./notable-traces.tsx";
import { type Selected, selectorOf } from "./selection.ts";
import { TopOperations } from "./top-operations.tsx";

/** With the library that draws them: only who opens a selection pays for it. */
const RedCharts = lazy(() => import("./red-charts.tsx").then(({ RedCharts }) => ({ default: RedCharts })));

export interface MapDrawerProps {
  readonly selected: Selected;
  readonly map: MapView;
  readonly view: View;
  readonly choices: MapChoices;
  readonly onSelect: (key: string) => void;
  /** By keyboard: whoever closes it so wants to go on where they came from. */
  readonly onClose: (byKeyboard: boolean) => void;
}

/** All there is to say of a node or an edge, and the ways from there to its traces. */
export function MapDrawer({ selected, map, view, choices, onSelect, onClose }: MapDrawerProps): ReactElement {
  const heading = useRef<HTMLHeadingElement>(null);
  const key = selected.kind === "node" ? selected.node.key : selected.edge.key;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each selection is announced once
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, [key]);

  const figures = selected.kind === "node" ? selected.node.figures : selected.edge.figures;
  const { show } = useView();
  const traces = (filter: string): string =>
    pageAddress("/traces", view, { filter: narrowFilter(view.filter, filter) });
  return (
    <aside
      className="drawer"
      aria-label="Selection"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose(true);
      }}
    >
      <header>
        <h2 ref={heading} tabIndex={-1}>
          {selected.kind === "node" ? (
            <>
              <Icon name={selected.node.kind} />
              <span>{nodeName(selected.node)}</span>
            </>
          ) : (
            <span>
              {nodeName(selected.from)} <Icon name="arrow" size={14} /> {nodeName(selected.to)}
            </span>
          )}
        </h2>
        <p className="muted">{describe(selected)}</p>
        <button
          type="button"
          className="quiet icon-only"
          aria-label="Close"
          onClick={(event) => onClose(event.detail === 0)}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="drawer-body">
        {figures === undefined || figures.total === 0 ? (
          <p className="muted">
            {figures === undefined
              ? "A client sends no traces of its own: see what it calls."
              : "Nothing has ended yet."}
          </p>
        ) : (
          <>
            <FigureGrid figures={figures} />
            <EstimateNote figures={figures} />
            <HealthBar shares={figures} />
            <Suspense fallback={<div className="skeleton red-charts" />}>
              <RedCharts selector={selectorOf(selected)} view={view} />
            </Suspense>
            <section>
              <h3>Response time</h3>
              <LatencyBrush
                key={key}
                figures={figures}
                addressOf={(range) => traces(clauseOf(selected, ...tookAs(range)))}
                onNarrow={(range) =>
                  show({ filter: narrowFilter(view.filter, clauseOf(selected, ...tookAs(range))) }, "push")
                }
              />
            </section>
          </>
        )}
        <nav className="drawer-links" aria-label="Traces">
          <Link className="button primary" href={traces(clauseOf(selected))}>
            Traces
          </Link>
          {figures !== undefined && figures.fault > 0 && (
            <Link className="button" href={traces(clauseOf(selected, "fault"))}>
              Faults
            </Link>
          )}
          {figures !== undefined && figures.error + figures.throttle > 0 && (
            <Link className="button" href={traces(clauseOf(selected, "error"))}>
              Errors
            </Link>
          )}
        </nav>
        {figures !== undefined && figures.total > 0 && (
          <NotableTraces selected={selected} figures={figures} view={view} />
        )}
        {selected.kind === "node" && selected.node.part === undefined && !selected.node.isInferred && (
          <TopOperations
            node={selected.node}
            view={view}
            percentile={choices.percentile}
            addressOf={(part) => traces(clauseOf(selected, ...operationConditions(part)))}
          />
        )}
        {selected.kind === "node" && (
          <MapNeighbours node={selected.node} map={map} percentile={choices.percentile} onSelect={onSelect} />
        )}
      </div>
    </aside>
  );
}

function describe(selected: Selected): string {
  if (selected.kind === "edge") {
    const { aliases, isLink } = selected.edge;
    if (isLink) return "Work that refers to the work that caused it";
    return aliases.length === 0 ? "Calls as their caller saw them" : `Called ${aliases.join(", ")} by its caller`;
  }
  const { node } = selected;
  if (node.part !== undefined) return `${typeLabel(node.id)}, one part of it`;
  return node.isInferred ? `${typeLabel(node.id)}, seen by its callers only` : typeLabel(node.id);
}

function FigureGrid({ figures }: { figures: Figures }): ReactElement {
  const entries: readonly [string, string][] = [
    ["Calls", formatCount(figures.total)],
    ["Rate", formatRate(figures.perSecond)],
    ["Mean", formatDuration(figures.meanSeconds)],
    ["p50", formatDuration(figures.p50)],
    ["p95", formatDuration(figures.p95)],
    ["p99", formatDuration(figures.p99)],
  ];
  return (
    <dl className="figure-grid">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt className="muted">{name}</dt>
          <dd className="tabular">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** That tail sampling left some of what is counted out, if it did. */
function EstimateNote({ figures: { total, estimated } }: { figures: Figures }): ReactElement | undefined {
  const words = estimateWords(total, estimated);
  if (words === undefined) return undefined;
  return <p className="muted">Estimates: tail sampling has {words}, which stands for the others.</p>;
}

/** What holds for calls that took so long. */
function tookAs({ fromSeconds, toSeconds }: { fromSeconds: number; toSeconds: number }): string[] {
  return [`responsetime >= ${round(fromSeconds)}`, `responsetime < ${round(toSeconds)}`];
}

/** Bounds of bars have more digits than anyone wants to read in a filter. */
function round(seconds: number): number {
  return Number(seconds.toPrecision(4));
}
