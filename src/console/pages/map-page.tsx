import { type ReactElement, useDeferredValue, useMemo, useRef, useState } from "react";
import { useView } from "../address/use-view.ts";
import { pageAddress, type View, withOwn } from "../address/view-address.ts";
import { groupMap, standInFor } from "../map/group-map.ts";
import { findServices, reachOf } from "../map/lit-parts.ts";
import { MapCanvas, type MapHandle } from "../map/map-canvas.tsx";
import { type MapChoices, readChoices, writeChoices } from "../map/map-choices.ts";
import { MapDrawer } from "../map/map-drawer.tsx";
import { MapLegend } from "../map/map-legend.tsx";
import { MapToolbar } from "../map/map-toolbar.tsx";
import { MapTwin } from "../map/map-twin.tsx";
import { mermaidOfView } from "../map/mermaid-of-view.ts";
import { layoutInput } from "../map/node-box.ts";
import { pinPlaces, writePins } from "../map/pin-places.ts";
import { splitOf } from "../map/read-map.ts";
import { replayView } from "../map/replay-view.ts";
import { findSelected, partOf, selectedOf, selectorOf } from "../map/selection.ts";
import { TimeScrubber } from "../map/time-scrubber.tsx";
import { useFitting } from "../map/use-fitting.ts";
import { useGraph } from "../map/use-graph.ts";
import { type LayoutMemory, nothingShown, type Shown, useLayout } from "../map/use-layout.ts";
import { usePins } from "../map/use-pins.ts";
import { useReplay } from "../map/use-replay.ts";
import { useSparks } from "../map/use-sparks.ts";
import { readingOrder } from "../map/walk-map.ts";
import { Failure } from "../ui/failure.tsx";
import { NothingHere } from "../ui/nothing-here.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { useShortcuts } from "../ui/shortcuts.ts";
import "../styles/map.css";

/** Where things stood, for each way of arranging them. */
const memories = new Map<string, LayoutMemory>();
const mostSparks = 150;

/** The live service map: who calls whom, how often, how fast, and how it goes. */
export function MapPage(): ReactElement {
  usePageTitle("Map");
  const { view, show } = useView();
  const choices = useMemo(() => readChoices(view.own), [view.own]);
  const choose = (change: Partial<MapChoices>): void => show((now: View) => withOwn(now, writeChoices(change)));
  const by = splitOf(choices);
  const graph = useGraph(view.filter, view.span, by);
  const onStep = (atSeconds: number | undefined): void => choose({ atSeconds });
  const replay = useReplay({ filter: view.filter, span: view.span, by }, choices.atSeconds, onStep);

  const seen = useMemo(
    () => (replay.step === undefined ? graph.view : replayView(graph.view, replay.step)),
    [graph.view, replay.step],
  );
  const { by: fitting, areClosed } = useFitting(graph.view);
  const grouping = choices.group ?? fitting;
  const { turned } = choices;
  const grouped = useMemo(
    () => groupMap(seen, { by: grouping, areClosed, turned }),
    [seen, grouping, areClosed, turned],
  );
  const arrangement = by === undefined ? grouping : `${grouping}-${by}`;
  const { shown: laidOut, tidy } = useLayout(grouped, memoryOf(arrangement));
  const pinning = usePins(arrangement, choices.pins, () => choose({ pins: undefined }));
  const shown = useMemo(
    (): Shown => ({ ...laidOut, layout: pinPlaces(layoutInput(laidOut.view), laidOut.layout, pinning.pins) }),
    [laidOut, pinning.pins],
  );
  // Of larger maps nobody can see them, and of a filter or a step they would have to be counted.
  const isSmall = seen.nodes.length <= mostSparks && by === undefined && replay.step === undefined;
  const sparks = useSparks(view.span, isSmall && view.filter === "");
  // The picture first: the tables may come a moment later.
  const told = useDeferredValue(shown, nothingShown);
  const handle = useRef<MapHandle>(null);
  const [focused, setFocused] = useState<string>();

  // In the map of single services: a closed group may hide what is selected.
  const selected = findSelected(seen, view.select, choices.part);
  const selectedKey = selected?.kind === "node" ? selected.node.key : selected?.edge.key;
  const found = useMemo(() => (view.find.trim() === "" ? undefined : findServices(seen, view.find)), [seen, view.find]);
  const lit = useMemo(() => {
    if (found !== undefined) return new Set([...found].map((key) => standInFor(shown.view, key)));
    const stands = selectedKey === undefined ? undefined : standInFor(shown.view, selectedKey);
    const isThere = ({ key }: { key: string }): boolean => key === stands;
    const isOnMap = shown.view.nodes.some(isThere) || shown.view.edges.some(isThere);
    return stands !== undefined && isOnMap ? reachOf(shown.view, stands, choices.hops) : undefined;
  }, [shown.view, found, selectedKey, choices.hops]);

  const turn = (key: string): void =>
    choose({ turned: turned.includes(key) ? turned.filter((each) => each !== key) : [...turned, key] });
  const select = (key: string | undefined): void => {
    if (key !== undefined && shown.view.groups.some((group) => group.key === key)) {
      turn(key);
      return;
    }
    const chosen = key === undefined || key === selectedKey ? undefined : selectedOf(seen, key);
    // What lies between groups is many calls, and none of them is meant.
    if (chosen === undefined && key !== undefined && key !== selectedKey) return;
    const part = chosen && partOf(chosen);
    show((now) => ({ ...withOwn(now, writeChoices({ part })), select: chosen && selectorOf(chosen) }));
  };
  const selectNext = (): void => {
    const order = readingOrder(seen, shown.layout).filter((key) => found?.has(key));
    const next = order[(order.indexOf(selectedKey ?? "") + 1) % Math.max(1, order.length)];
    if (next === undefined || next === selectedKey) return;
    handle.current?.reveal(standInFor(shown.view, next));
    select(next);
  };
  useShortcuts({
    "+": () => handle.current?.zoom(1.3),
    "=": () => handle.current?.zoom(1.3),
    "-": () => handle.current?.zoom(1 / 1.3),
    "0": () => handle.current?.fit(),
    f: () => document.querySelector<HTMLInputElement>("#map-search")?.focus(),
    Escape: () => select(undefined),
  });

  const isEmpty = !graph.isFirst && graph.view.nodes.length === 0;
  const isTable = view.form === "table";
  return (
    <div className={selected === undefined ? "map-page" : "map-page with-drawer"} aria-busy={graph.isFirst}>
      <h1 className="unseen">Service map</h1>
      <div className={graph.isStale ? "map-stage stale" : "map-stage"}>
        <MapToolbar
          view={view}
          choices={choices}
          grouping={grouping}
          groups={shown.view.groups}
          search={{
            words: view.find,
            found: found && seen.nodes.filter(({ key }) => found.has(key)).length,
            onSearch: (find) => show({ find }),
            onNext: selectNext,
          }}
          handle={handle}
          onShow={show}
          onChoose={choose}
          onTidy={() => {
            pinning.unpinAll();
            tidy();
            handle.current?.fit();
          }}
          mermaid={() => mermaidOfView(shown.view, choices.percentile)}
          shareAddress={() => {
            const places = pinning.pins.size === 0 ? {} : writeChoices({ pins: writePins(pinning.pins) });
            return window.location.origin + pageAddress("/map", view, { ...view, ...withOwn(view, places) });
          }}
        />
        {!isTable && (
          <MapCanvas
            view={shown.view}
            layout={shown.layout}
            colour={view.colour}
            percentile={choices.percentile}
            lit={lit}
            sparks={sparks}
            selected={selectedKey}
            focused={focused}
            onSelect={select}
            onPin={pinning.pin}
            handle={handle}
          />
        )}
        <MapTwin
          view={told.view}
          layout={told.layout}
          selected={selectedKey}
          isUnseen={!isTable}
          onSelect={select}
          onFocus={setFocused}
          onTurn={turn}
        />
        {!isTable && !isEmpty && !graph.isFirst && (
          <MapLegend view={shown.view} colour={view.colour} percentile={choices.percentile} />
        )}
        {graph.isPartial && (
          <p className="map-note" role="status">
            More traces match than could be looked at. Narrow down the filter or the time.
          </p>
        )}
        {graph.isFirst && graph.error === null && <MapSkeleton />}
        {isEmpty && graph.error === null && <NothingHere what="calls" />}
        {graph.error !== null && graph.isFirst && <Failure error={graph.error} what="The map cannot be read" />}
      </div>
      {selected !== undefined && (
        <MapDrawer
          selected={selected}
          map={seen}
          view={view}
          choices={choices}
          onSelect={select}
          onClose={(byKeyboard) => {
            select(undefined);
            if (byKeyboard) focusService(selectedKey);
          }}
        />
      )}
      <TimeScrubber replay={replay} atSeconds={choices.atSeconds} onStep={onStep} />
    </div>
  );
}

/** Back to the service in the tables, where arrows go on along its calls. */
function focusService(key: string | undefined): void {
  document
    .querySelector<HTMLElement>(`.map-twin [data-key="${CSS.escape(key ?? "")}"]`)
    ?.focus({ preventScroll: true });
}

function memoryOf(arrangement: string): LayoutMemory {
  const known = memories.get(arrangement) ?? {};
  memories.set(arrangement, known);
  return known;
}

function MapSkeleton(): ReactElement {
  return (
    <div className="map-skeleton" aria-hidden="true">
      {["client", "web", "orders", "db"].map((each) => (
        <div key={each} className="skeleton" />
      ))}
    </div>
  );
}
