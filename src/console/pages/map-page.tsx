import { type ReactElement, useDeferredValue, useRef, useState } from "react";
import { useView } from "../address/use-view.ts";
import { MapCanvas, type MapHandle } from "../map/map-canvas.tsx";
import { MapDrawer } from "../map/map-drawer.tsx";
import { MapLegend } from "../map/map-legend.tsx";
import { MapToolbar } from "../map/map-toolbar.tsx";
import { MapTwin } from "../map/map-twin.tsx";
import { findSelected, selectedOf, selectorOf } from "../map/selection.ts";
import { useGraph } from "../map/use-graph.ts";
import { type LayoutMemory, nothingShown, useLayout } from "../map/use-layout.ts";
import { Failure } from "../ui/failure.tsx";
import { NothingHere } from "../ui/nothing-here.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { useShortcuts } from "../ui/shortcuts.ts";
import "../styles/map.css";

const memory: LayoutMemory = {};

/** The live service map: who calls whom, how often, how fast, and how it goes. */
export function MapPage(): ReactElement {
  usePageTitle("Map");
  const { view, show } = useView();
  const graph = useGraph(view.filter, view.span);
  const { shown, tidy } = useLayout(graph.view, memory);
  // The picture first: the tables may come a moment later.
  const told = useDeferredValue(shown, nothingShown);
  const handle = useRef<MapHandle>(null);
  const [focused, setFocused] = useState<string>();

  const selected = findSelected(shown.view, view.select);
  const selectedKey = selected?.kind === "node" ? selected.node.key : selected?.edge.key;
  const select = (key: string | undefined): void => {
    const chosen = key === undefined || key === selectedKey ? undefined : selectedOf(shown.view, key);
    show({ select: chosen && selectorOf(chosen) });
  };
  useShortcuts({
    "+": () => handle.current?.zoom(1.3),
    "=": () => handle.current?.zoom(1.3),
    "-": () => handle.current?.zoom(1 / 1.3),
    "0": () => handle.current?.fit(),
    Escape: () => select(undefined),
  });

  const isEmpty = !graph.isFirst && graph.view.nodes.length === 0;
  const isTable = view.form === "table";
  return (
    <div className={selected === undefined ? "map-page" : "map-page with-drawer"} aria-busy={graph.isFirst}>
      <h1 className="unseen">Service map</h1>
      <div className={graph.isStale ? "map-stage stale" : "map-stage"}>
        {!isTable && (
          <MapCanvas
            view={shown.view}
            layout={shown.layout}
            colour={view.colour}
            selected={selectedKey}
            focused={focused}
            onSelect={select}
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
        />
        <MapToolbar
          view={view}
          onShow={show}
          onFit={() => handle.current?.fit()}
          onZoom={(factor) => handle.current?.zoom(factor)}
          onTidy={() => {
            tidy();
            handle.current?.fit();
          }}
        />
        {!isTable && !isEmpty && !graph.isFirst && <MapLegend view={shown.view} colour={view.colour} />}
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
          map={shown.view}
          view={view}
          onSelect={select}
          onClose={() => select(undefined)}
        />
      )}
    </div>
  );
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
