import { framePadding } from "./layout-groups.ts";
import type { LayoutInput, MapLayout, Point } from "./map-layout.ts";
import { routeEdges, waypointsOf } from "./route-edges.ts";
import { boxAround } from "./viewport.ts";

/** Where services were put by hand, by key. */
export type Pins = ReadonlyMap<string, Point>;

/** The layout with nodes where they were put by hand: their calls find new ways, and their frames reach to where they are. */
export function pinPlaces(input: LayoutInput, layout: MapLayout, pins: Pins): MapLayout {
  const moved = input.nodes.filter(({ key }) => pins.has(key) && layout.places.has(key));
  if (moved.length === 0) return layout;
  const places = new Map(layout.places);
  for (const { key } of moved) places.set(key, pins.get(key)!);
  const waypoints = new Map(
    input.edges.flatMap((edge) => {
      const route = layout.routes.get(edge.key);
      return route === undefined || pins.has(edge.from) || pins.has(edge.to)
        ? []
        : [[edge.key, waypointsOf(route)] as const];
    }),
  );
  const placed = { ...input, nodes: input.nodes.filter(({ key }) => places.has(key)) };
  const edges = input.edges.filter(({ from, to }) => places.has(from) && places.has(to));
  const frames = new Map(layout.frames);
  for (const group of new Set(moved.flatMap((node) => node.group ?? []))) {
    const members = placed.nodes.filter((node) => node.group === group);
    const around = boxAround(members.map((node) => ({ ...node, at: places.get(node.key)! })));
    if (around === undefined) continue;
    const { side, top, bottom } = framePadding;
    frames.set(group, {
      left: around.left - side,
      right: around.right + side,
      top: around.top - top,
      bottom: around.bottom + bottom,
    });
  }
  return { places, routes: routeEdges({ ...placed, edges }, places, waypoints), frames };
}

/** Pins as one text, for an address or for what the browser keeps. */
export function writePins(pins: Pins): string {
  return pins.size === 0 ? "" : JSON.stringify([...pins].map(([key, { x, y }]) => [key, Math.round(x), Math.round(y)]));
}

/** Pins from a text; what cannot be read is left out. */
export function readPins(text: string | undefined): Pins {
  if (text === undefined || text === "") return new Map();
  try {
    const list: unknown = JSON.parse(text);
    return new Map(Array.isArray(list) ? list.flatMap(readPin) : []);
  } catch {
    // Cut short on its way: then nothing was put anywhere by hand.
    return new Map();
  }
}

function readPin(entry: unknown): [string, Point][] {
  if (!Array.isArray(entry)) return [];
  const [key, x, y] = entry as unknown[];
  const isPin = typeof key === "string" && Number.isFinite(x) && Number.isFinite(y);
  return isPin ? [[key, { x: x as number, y: y as number }]] : [];
}
