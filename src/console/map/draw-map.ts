import type { ColourBy } from "../address/view-address.ts";
import { drawEdge, drawEdgeLabel } from "./draw-edge.ts";
import { drawNode } from "./draw-node.ts";
import { scaleOf } from "./health.ts";
import type { MapLayout, Route } from "./map-layout.ts";
import type { MapEdge, MapView } from "./map-view.ts";
import { nodeBox } from "./node-box.ts";
import type { Palette } from "./palette.ts";
import { type Box, type Size, seenBox, touches, type Viewport } from "./viewport.ts";

/** Everything that one picture of the map depends on. */
export interface MapScene {
  readonly view: MapView;
  readonly layout: MapLayout;
  readonly viewport: Viewport;
  readonly size: Size;
  /** Pixels of the device for one of the page. */
  readonly ratio: number;
  readonly palette: Palette;
  readonly colour: ColourBy;
  /** Keys of a node or an edge. */
  readonly selected: string | undefined;
  readonly hovered: string | undefined;
  readonly focused: string | undefined;
  /** How far what has just changed is from being shown so, 0 (just now) to 1 (over). */
  readonly pulse: number;
}

/** Few enough edges that all may carry a label. */
const fewEdges = 24;

/** Draws the map: edges, what has just flowed along them, nodes, and on top the labels of edges. */
export function drawMap(context: CanvasRenderingContext2D, scene: MapScene): void {
  const { view, layout, viewport, size, ratio } = scene;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  context.setTransform(ratio * viewport.scale, 0, 0, ratio * viewport.scale, ratio * viewport.x, ratio * viewport.y);

  const seen = seenBox(viewport, size);
  const busiest = view.edges.reduce((most, edge) => Math.max(most, edge.figures.perSecond), 0);
  const near = neighbourhood(view, scene.selected);
  const edges = view.edges.flatMap((edge) => {
    const route = layout.routes.get(edge.key);
    return route !== undefined && touches(routeBox(route), seen) ? [{ edge, route }] : [];
  });
  for (const { edge, route } of edges) {
    drawEdge(context, { edge, route, busiest, isDim: isDim(near, edge.key), scene });
  }
  const scale = scaleOf(view, scene.colour);
  for (const node of view.nodes) {
    const place = layout.places.get(node.key);
    if (place === undefined || !touches(nodeBox(node, place), seen)) continue;
    drawNode(context, { node, place, scale, isDim: isDim(near, node.key), scene });
  }
  const areAllLabelled =
    (view.edges.length <= fewEdges && viewport.scale >= 0.7 && scene.selected === undefined) || viewport.scale >= 1.2;
  const taken: Box[] = [];
  for (const { edge, route } of edges) {
    const isMeant = edge.key === scene.hovered || edge.key === scene.selected;
    const belongs = near !== undefined ? near.has(edge.key) : touchesNode(edge, scene.hovered);
    if (isMeant || belongs || areAllLabelled) drawEdgeLabel(context, { edge, route, isLong: isMeant, scene, taken });
  }
}

/** Keys of what is selected and of what has to do with it; `undefined` when nothing is. */
function neighbourhood(view: MapView, selected: string | undefined): ReadonlySet<string> | undefined {
  if (selected === undefined) return undefined;
  const near = new Set([selected]);
  for (const edge of view.edges) {
    if (edge.key === selected || edge.from === selected || edge.to === selected) {
      near.add(edge.key).add(edge.from).add(edge.to);
    }
  }
  // A selection that is no longer on the map dims nothing.
  return near.size > 1 || view.nodes.some((node) => node.key === selected) ? near : undefined;
}

function isDim(near: ReadonlySet<string> | undefined, key: string): boolean {
  return near !== undefined && !near.has(key);
}

function touchesNode(edge: MapEdge, key: string | undefined): boolean {
  return key !== undefined && (edge.from === key || edge.to === key);
}

function routeBox(route: Route): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of route) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, right, bottom };
}
