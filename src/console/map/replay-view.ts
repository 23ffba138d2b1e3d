import { type Figures, figuresOf } from "./figures.ts";
import type { MapView } from "./map-view.ts";

/**
 * The whole range's map with the figures of one step of it: what had nothing to do in that step stays where it is, without
 * calls. So nothing jumps while a range is replayed.
 */
export function replayView(whole: MapView, step: MapView): MapView {
  const nodes = new Map(step.nodes.map((node) => [node.key, node]));
  const edges = new Map(step.edges.map((edge) => [edge.key, edge]));
  return {
    ...whole,
    windowSeconds: step.windowSeconds,
    nodes: whole.nodes.map((node) => {
      if (node.figures === undefined) return node;
      const figures = nodes.get(node.key)?.figures ?? idle;
      return { ...node, figures, change: "same", isIdle: figures.total === 0 };
    }),
    edges: whole.edges.map((edge) => ({ ...edge, figures: edges.get(edge.key)?.figures ?? idle, change: "same" })),
  };
}

const idle: Figures = figuresOf({ ok: 0, error: 0, throttle: 0, fault: 0, totalSeconds: 0, histogram: [] }, 60);
