import { cardSize, pillSize } from "./card-size.ts";
import type { LayoutInput, MapLayout, Point } from "./map-layout.ts";
import type { MapNode, MapView } from "./map-view.ts";
import { type Box, boxAround, type Size } from "./viewport.ts";

function nodeSize(node: MapNode): Size {
  return node.kind === "client" ? pillSize : cardSize;
}

/** What `layoutMap` needs to know of a view. */
export function layoutInput(view: MapView): LayoutInput {
  return {
    nodes: view.nodes.map((node) => ({
      key: node.key,
      ...nodeSize(node),
      ...(node.group !== undefined && { group: node.group }),
    })),
    edges: view.edges.map(({ key, from, to }) => ({ key, from, to })),
  };
}

export function nodeBox(node: MapNode, { x, y }: Point): Box {
  const { width, height } = nodeSize(node);
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
}

/** Around everything that has its place. */
export function mapBox(view: MapView, { places, frames }: MapLayout): Box | undefined {
  const nodes = view.nodes.flatMap((node) => {
    const at = places.get(node.key);
    return at === undefined ? [] : [{ ...nodeSize(node), at }];
  });
  const around = boxAround(nodes);
  return around && [...frames.values()].reduce(union, around);
}

function union(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}
