import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { GetServiceGraphResponse } from "../../api/wire.ts";
import { endsOf, type TimeSpan } from "../address/time-span.ts";
import { useLive } from "../live/live-store.ts";
import { applyChange } from "./apply-change.ts";
import { emptyMap, type MapView } from "./map-view.ts";
import { type MapQuery, readMap } from "./read-map.ts";

export interface GraphQuery {
  readonly view: MapView;
  /** Nothing has been answered yet. */
  readonly isFirst: boolean;
  /** What is shown belongs to another filter or time; the answer is on its way. */
  readonly isStale: boolean;
  /** More traces match than were looked at. */
  readonly isPartial: boolean;
  readonly error: Error | null;
}

/** Without changes the window slides on all the same. */
const slideMs = 15_000;

/** The service graph as the map's view of it, asked for again whenever the live stream says so. */
export function useGraph(filter: string, span: TimeSpan, by: MapQuery["by"] = undefined): GraphQuery {
  const client = useQueryClient();
  const isFollowing = useLive((live) => live.isFollowing);
  const queryKey = ["graph", filter, span, by];
  const { data, error, isPlaceholderData } = useQuery({
    queryKey,
    queryFn: ({ signal }) => {
      const isFirst = client.getQueryData(queryKey) === undefined;
      const onPartial = (graph: GetServiceGraphResponse): void => {
        // Once there is a whole answer, half of the next one would only make figures jump.
        if (isFirst && !signal.aborted) client.setQueryData(queryKey, graph);
      };
      return readMap({ ...endsOf(span, Date.now() / 1000), filter, by }, { signal, onPartial });
    },
    placeholderData: (before) => before,
    structuralSharing: false,
    refetchInterval: span.kind === "last" && isFollowing ? slideMs : false,
  });
  const isPartial = data?.IsPartial === true;
  return { view: useMapView(data), isFirst: data === undefined, isStale: isPlaceholderData, isPartial, error };
}

/** The view that comes of one graph after another. */
export function useMapView(graph: GetServiceGraphResponse | undefined): MapView {
  const [state, setState] = useState<{ graph?: GetServiceGraphResponse; view: MapView }>({ view: emptyMap });
  if (graph === undefined || graph === state.graph) return state.view;
  const view = applyChange(state.view === emptyMap ? undefined : state.view, graph);
  setState({ graph, view });
  return view;
}
