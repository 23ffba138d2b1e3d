import type { LayoutInput, MapLayout, Point } from "./map-layout.ts";
import type { MapNode, MapView } from "./map-view.ts";
import type { Box, Size } from "./viewport.ts";

const card: Size = { width: 214, height: 70 };
const pill: Size = { width: 128, height: 44 };

/** How large a node is drawn. Clients have no figures, and need less room. */
function nodeSize(node: MapNode): Size {
  return node.kind === "client" ? pill : card;
}

/** What `layoutMap` needs to know of a view. */
export function layoutInput(view: MapView): LayoutInput {
  return {
    nodes: view.nodes.map((node) => ({ key: node.key, ...nodeSize(node) })),
    edges: view.edges.map(({ key, from, to }) => ({ key, from, to })),
  };
}

export function nodeBox(node: MapNode, { x, y }: Point): Box {
  const { width, height } = nodeSize(node);
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
}

/** Around everything that has its place. */
export function mapBox(view: MapView, layout: MapLayout): Box | undefined {
  let box: Box | undefined;
  for (const node of view.nodes) {
    const place = layout.places.get(node.key);
    if (place === undefined) continue;
    const { left, top, right, bottom } = nodeBox(node, place);
    box = {
      left: Math.min(box?.left ?? left, left),
      top: Math.min(box?.top ?? top, top),
      right: Math.max(box?.right ?? right, right),
      bottom: Math.max(box?.bottom ?? bottom, bottom),
    };
  }
  return box;
}
