import { type MermaidNode, mermaidFlowchart } from "../../analysis/mermaid-flowchart.ts";
import { frequency, speed, worstState } from "./health.ts";
import type { Percentile } from "./map-choices.ts";
import { nodeName } from "./map-twin.tsx";
import type { MapNode, MapView } from "./map-view.ts";

/** The map as it is shown, as a Mermaid flowchart with the figures of its cards and edges. */
export function mermaidOfView({ nodes, edges }: MapView, percentile: Percentile): string {
  const index = new Map(nodes.map(({ key }, at) => [key, at]));
  return mermaidFlowchart({
    nodes: nodes.map((node): MermaidNode => {
      const { figures } = node;
      const state = figures === undefined ? "ok" : worstState(figures).state;
      return {
        name: nodeName(node),
        shape: shapeOf(node),
        ...(figures !== undefined &&
          figures.total > 0 && { lines: [`${speed(figures, percentile)}, ${frequency(figures)}`] }),
        ...(state !== "ok" && { state }),
      };
    }),
    edges: edges.map(({ from, to, figures, isLink }) => ({
      from: index.get(from)!,
      to: index.get(to)!,
      ...(figures.total > 0 && { label: speed(figures, percentile) }),
      isLink,
    })),
  });
}

function shapeOf({ kind, members }: MapNode): MermaidNode["shape"] {
  if (members !== undefined) return "group";
  if (kind === "client") return "client";
  return kind === "database" || kind === "table" || kind === "storage" ? "database" : "service";
}
