import type { ReactElement } from "react";
import { formatDuration, formatRate, formatShare } from "../ui/format.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { worstState } from "./health.ts";
import type { Percentile } from "./map-choices.ts";
import { nodeName } from "./map-twin.tsx";
import type { MapEdge, MapNode, MapView } from "./map-view.ts";

export interface MapNeighboursProps {
  readonly node: MapNode;
  readonly map: MapView;
  readonly percentile: Percentile;
  readonly onSelect: (key: string) => void;
}

/** Who calls a node and whom it calls, the busiest first. */
export function MapNeighbours({ node, map, percentile, onSelect }: MapNeighboursProps): ReactElement {
  const nodes = new Map(map.nodes.map((each) => [each.key, each]));
  const callers = map.edges.filter((edge) => edge.to === node.key);
  const callees = map.edges.filter((edge) => edge.from === node.key);
  const list = (title: string, edges: readonly MapEdge[], other: (edge: MapEdge) => string): ReactElement | false =>
    edges.length > 0 && (
      <section>
        <h3>{title}</h3>
        <ul className="neighbours">
          {edges
            .toSorted((a, b) => b.figures.total - a.figures.total)
            .map((edge) => (
              <li key={edge.key}>
                <button type="button" className="quiet" onClick={() => onSelect(edge.key)}>
                  <span>{nodeName(nodes.get(other(edge))!)}</span>
                  <span className="muted tabular">
                    {percentile} {formatDuration(edge.figures[percentile])} · {formatRate(edge.figures.perSecond)}
                  </span>
                  <Verdict edge={edge} />
                </button>
              </li>
            ))}
        </ul>
      </section>
    );
  return (
    <>
      {list("Called by", callers, (edge) => edge.from)}
      {list("Calls", callees, (edge) => edge.to)}
    </>
  );
}

function Verdict({ edge }: { edge: MapEdge }): ReactElement {
  const { state, share } = worstState(edge.figures);
  return (
    <span className={`state-text tabular ${state}`}>
      <StateMark state={state} /> {state === "ok" ? "" : formatShare(share, 1)}
    </span>
  );
}
