import type { ColourBy } from "../address/view-address.ts";
import { drawEdge, drawEdgeLabel } from "./draw-edge.ts";
import { drawFrame } from "./draw-frame.ts";
import { drawNode } from "./draw-node.ts";
import type { Scale } from "./health.ts";
import type { Percentile } from "./map-choices.ts";
import type { MapLayout, Route } from "./map-layout.ts";
import type { MapEdge, MapView } from "./map-view.ts";
import { nodeBox } from "./node-box.ts";
import type { Palette } from "./palette.ts";
import type { Pen } from "./pen.ts";
import type { Sparks } from "./use-sparks.ts";
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
  readonly percentile: Percentile;
  /** What nodes and edges are coloured by; absent: their health. */
  readonly scale: Scale | undefined;
  /** Keys of what a selection or a search is about; all else is dimmed. Absent: nothing is. */
  readonly lit: ReadonlySet<string> | undefined;
  /** Calls over time, drawn at the foot of a card. */
  readonly sparks?: Sparks | undefined;
  /** Keys of a node or an edge. */
  readonly selected: string | undefined;
  readonly hovered: string | undefined;
  readonly focused: string | undefined;
  /** How far what has just changed is from being shown so, 0 (just now) to 1 (over). */
  readonly pulse: number;
}

/** Few enough edges that all may carry a label. */
const fewEdges = 24;

/** Draws on a canvas what a viewport shows of the map. */
export function drawMap(context: CanvasRenderingContext2D, scene: MapScene): void {
  const { viewport, size, ratio } = scene;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  context.setTransform(ratio * viewport.scale, 0, 0, ratio * viewport.scale, ratio * viewport.x, ratio * viewport.y);
  drawScene(context, scene);
}

/** Draws the map: frames, edges, what has just flowed along them, nodes, and on top the labels of edges. */
export function drawScene(pen: Pen, scene: MapScene): void {
  const { view, layout, viewport, size, lit } = scene;
  const seen = seenBox(viewport, size);
  const busiest = view.edges.reduce((most, edge) => Math.max(most, edge.figures.perSecond), 0);
  for (const group of view.groups) {
    const box = layout.frames.get(group.key);
    if (group.isOpen && box !== undefined && touches(box, seen)) drawFrame(pen, { group, box, scene });
  }
  const edges = view.edges.flatMap((edge) => {
    const route = layout.routes.get(edge.key);
    return route !== undefined && touches(routeBox(route), seen) ? [{ edge, route }] : [];
  });
  const isDim = (key: string): boolean => lit !== undefined && !lit.has(key);
  for (const { edge, route } of edges) drawEdge(pen, { edge, route, busiest, isDim: isDim(edge.key), scene });
  for (const node of view.nodes) {
    const place = layout.places.get(node.key);
    if (place === undefined || !touches(nodeBox(node, place), seen)) continue;
    drawNode(pen, { node, place, isDim: isDim(node.key), scene });
  }
  const areAllLabelled =
    (view.edges.length <= fewEdges && viewport.scale >= 0.7 && lit === undefined) || viewport.scale >= 1.2;
  const taken: Box[] = [];
  for (const { edge, route } of edges) {
    const isMeant = edge.key === scene.hovered || edge.key === scene.selected;
    const belongs = lit !== undefined ? lit.has(edge.key) : touchesNode(edge, scene.hovered);
    if (edge.figures.total === 0 || !(isMeant || belongs || areAllLabelled)) continue;
    drawEdgeLabel(pen, { edge, route, isLong: isMeant, scene, taken });
  }
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
