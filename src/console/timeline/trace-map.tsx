import { useQuery } from "@tanstack/react-query";
import { type ReactElement, useRef, useState } from "react";
import { serviceOf } from "../../analysis/row-facts.ts";
import type { Skeleton } from "../../analysis/skeleton.ts";
import { useView } from "../address/use-view.ts";
import { readTraceGraph } from "../api-client.ts";
import { MapCanvas, type MapHandle } from "../map/map-canvas.tsx";
import { MapLegend } from "../map/map-legend.tsx";
import { MapTwin } from "../map/map-twin.tsx";
import { useMapView } from "../map/use-graph.ts";
import { type LayoutMemory, useLayout } from "../map/use-layout.ts";
import { Failure } from "../ui/failure.tsx";
import "../styles/map.css";

/** The service map of one trace. A service leads to its first work in the waterfall. */
export function TraceMap({ trace }: { trace: Skeleton }): ReactElement {
  const { id, revision } = trace;
  const { view, show } = useView();
  const { data, error } = useQuery({
    queryKey: ["trace-graph", id, revision],
    queryFn: ({ signal }) => readTraceGraph(id, signal),
    placeholderData: (before) => before,
  });
  const map = useMapView(data);
  const [memory] = useState<LayoutMemory>({});
  const { shown } = useLayout(map, memory);
  const handle = useRef<MapHandle>(null);
  const [focused, setFocused] = useState<string>();
  if (error !== null && data === undefined) return <Failure error={error} what="The map cannot be read" />;

  const open = (key: string | undefined): void => {
    const node = map.nodes.find((each) => each.key === key);
    for (let row = 0; row < trace.count; row += 1) {
      if (serviceOf(trace, row) !== node?.id.name) continue;
      show({ tab: "waterfall", segment: trace.ids.at(row) }, "push");
      return;
    }
  };
  return (
    <div className="map-stage">
      <MapCanvas
        view={shown.view}
        layout={shown.layout}
        colour={view.colour}
        selected={undefined}
        focused={focused}
        onSelect={open}
        handle={handle}
      />
      <MapTwin
        view={shown.view}
        layout={shown.layout}
        selected={undefined}
        isUnseen
        onSelect={open}
        onFocus={setFocused}
      />
      <MapLegend view={shown.view} colour={view.colour} />
    </div>
  );
}
