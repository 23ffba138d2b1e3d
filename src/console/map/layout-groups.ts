import { cardSize } from "./card-size.ts";
import { layoutNodes } from "./layout-nodes.ts";
import { makeRoom, type Sized } from "./make-room.ts";
import {
  type LayoutEdge,
  type LayoutInput,
  type LayoutNode,
  type MapLayout,
  type Point,
  rowGap,
} from "./map-layout.ts";
import { routeEdges, waypointsOf } from "./route-edges.ts";
import { type Box, boxAround } from "./viewport.ts";

/** Between a frame and the nodes in it; above them its name stands. */
export const framePadding = { side: 22, top: 44, bottom: 22 };

/**
 * Lays a map out in which some nodes stand in frames: each frame's nodes among themselves, then the frames and all other
 * nodes as if each frame were one large node. A closed group has the key of its frame, so that it opens and closes where
 * it is: what stands to the right and below makes room, and takes it back.
 */
export function layoutGroups(input: LayoutInput, before?: MapLayout): MapLayout {
  const unitOf = new Map(input.nodes.map(({ key, group }) => [key, group ?? key]));
  const insides = new Map(
    [...membersByGroup(input)].map(([key, nodes]) => [
      key,
      // Places of nodes that stood elsewhere, each for itself, would tear the frame apart.
      layoutInside(nodes, input, before?.frames.has(key) ? before : undefined),
    ]),
  );
  const units: LayoutNode[] = [
    ...input.nodes.filter(({ group }) => group === undefined),
    ...[...insides].map(([key, { box }]) => ({ key, width: box.right - box.left, height: box.bottom - box.top })),
  ];
  const outerInput = { nodes: units, edges: edgesBetween(input, unitOf) };
  const outer = layoutNodes(outerInput, before && unitsBefore(before, units, insides));

  const places = new Map<string, Point>();
  const frames = new Map<string, Box>();
  const waypoints = new Map<string, readonly Point[]>();
  for (const { key } of units) {
    const middle = outer.places.get(key)!;
    const inside = insides.get(key);
    if (inside === undefined) {
      places.set(key, middle);
      continue;
    }
    const { left, right, top, bottom } = inside.box;
    const [dx, dy] = [middle.x - (left + right) / 2, middle.y - (top + bottom) / 2];
    const moved = ({ x, y }: Point): Point => ({ x: x + dx, y: y + dy });
    frames.set(key, { left: left + dx, right: right + dx, top: top + dy, bottom: bottom + dy });
    for (const [node, place] of inside.layout.places) places.set(node, moved(place));
    for (const [edge, route] of inside.layout.routes) waypoints.set(edge, waypointsOf(route).map(moved));
  }
  // Edges of nodes that stand free keep to the way that was found for them; those into a frame find their own.
  for (const edge of input.edges) {
    const route = unitOf.get(edge.from) === edge.from && unitOf.get(edge.to) === edge.to && outer.routes.get(edge.key);
    if (route) waypoints.set(edge.key, waypointsOf(route));
  }
  return { places, routes: routeEdges(input, places, waypoints), frames };
}

interface Inside {
  readonly layout: MapLayout;
  /** With its padding. */
  readonly box: Box;
}

function membersByGroup({ nodes }: LayoutInput): Map<string, LayoutNode[]> {
  const members = new Map<string, LayoutNode[]>();
  for (const node of nodes) {
    if (node.group === undefined) continue;
    const list = members.get(node.group);
    if (list === undefined) members.set(node.group, [node]);
    else list.push(node);
  }
  return members;
}

function layoutInside(nodes: readonly LayoutNode[], input: LayoutInput, before: MapLayout | undefined): Inside {
  const keys = new Set(nodes.map(({ key }) => key));
  const edges = input.edges.filter(({ from, to }) => keys.has(from) && keys.has(to));
  const layout = layoutNodes({ nodes, edges }, before);
  const box = boxAround(nodes.map((node) => ({ ...node, at: layout.places.get(node.key)! })))!;
  const { side, top, bottom } = framePadding;
  return {
    layout,
    box: { left: box.left - side, right: box.right + side, top: box.top - top, bottom: box.bottom + bottom },
  };
}

/** One edge for all between two units. It keeps its key where it is the edge of two nodes that stand free. */
function edgesBetween({ edges }: LayoutInput, unitOf: ReadonlyMap<string, string>): LayoutEdge[] {
  const between = new Map<string, LayoutEdge>();
  for (const edge of edges) {
    const [from, to] = [unitOf.get(edge.from)!, unitOf.get(edge.to)!];
    if (from === to && from !== edge.from) continue;
    const isFree = from === edge.from && to === edge.to;
    const key = isFree ? edge.key : `between ${from} ${to}`;
    between.set(key, { key, from, to });
  }
  return [...between.values()];
}

/** Where the units stood before, moved so that those that have grown or shrunk since fit. */
function unitsBefore(
  { places, routes, frames }: MapLayout,
  units: readonly LayoutNode[],
  areFrames: ReadonlyMap<string, unknown>,
): MapLayout {
  const sized: Sized[] = [];
  for (const { key, width, height } of units) {
    const frame = frames.get(key);
    const at = frame === undefined ? places.get(key) : middleOf(frame);
    if (at === undefined) continue;
    const was =
      frame !== undefined
        ? { width: frame.right - frame.left, height: frame.bottom - frame.top }
        : // A group that was closed was as large as a card.
          areFrames.has(key)
          ? cardSize
          : { width, height };
    sized.push({ key, at, width, height, was });
  }
  const moved = makeRoom(sized, rowGap);
  const hasMoved = sized.some(({ key, at }) => moved.get(key) !== at);
  return { places: moved, routes: hasMoved ? new Map() : routes, frames: new Map() };
}

function middleOf({ left, right, top, bottom }: Box): Point {
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}
