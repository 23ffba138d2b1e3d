import { frameTitleHeight } from "./draw-frame.ts";
import type { MapLayout, Point } from "./map-layout.ts";
import type { MapView } from "./map-view.ts";
import { nodeBox } from "./node-box.ts";
import { distanceToRoute } from "./route-points.ts";
import { toMap, type Viewport } from "./viewport.ts";

/** Pixels beside an edge that still count as on it. */
const edgeReach = 7;

/** The key of the node, or else of the frame whose title, or of the nearest edge that is at a point of the screen. */
export function findAt(view: MapView, layout: MapLayout, viewport: Viewport, point: Point): string | undefined {
  const { x, y } = toMap(viewport, point);
  for (const node of view.nodes) {
    const place = layout.places.get(node.key);
    if (place === undefined) continue;
    const box = nodeBox(node, place);
    if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) return node.key;
  }
  for (const [key, { left, right, top }] of layout.frames) {
    if (x >= left && x <= right && y >= top && y <= top + frameTitleHeight) return key;
  }
  let nearest = edgeReach / viewport.scale;
  let found: string | undefined;
  for (const edge of view.edges) {
    const route = layout.routes.get(edge.key);
    if (route === undefined) continue;
    const distance = distanceToRoute(route, { x, y });
    if (distance >= nearest) continue;
    nearest = distance;
    found = edge.key;
  }
  return found;
}
