import { assignRows } from "./assign-rows.ts";
import { assignLayers, breakCycles, type Pair } from "./layers.ts";
import { columnGap, type LayoutEdge, type LayoutInput, type MapLayout, type Point, rowGap } from "./map-layout.ts";
import { orderLayers } from "./order-layers.ts";
import { packParts } from "./pack-parts.ts";
import { placeNewcomers } from "./place-newcomers.ts";
import { routeEdges, waypointsOf } from "./route-edges.ts";
import { unwrapLeaves, wrapLeaves } from "./wrap-leaves.ts";

/**
 * Lays a map out from left to right, callers before callees. With a layout of before, nodes that it knows keep their
 * places and newcomers find one beside whom they talk to; only a map that is mostly new is laid out afresh.
 */
export function layoutNodes(input: LayoutInput, before?: MapLayout): MapLayout {
  const known = before === undefined ? 0 : input.nodes.filter(({ key }) => before.places.has(key)).length;
  if (before === undefined || known < 3 || known * 2 < input.nodes.length) return layoutAfresh(input);

  const places = placeNewcomers(input, before.places);
  const keeps = (edge: LayoutEdge): boolean =>
    before.places.has(edge.from) && before.places.has(edge.to) && before.routes.has(edge.key);
  const waypoints = new Map(
    input.edges.filter(keeps).map((edge) => [edge.key, waypointsOf(before.routes.get(edge.key)!)] as const),
  );
  return { places, routes: routeEdges(input, places, waypoints), frames: new Map() };
}

/** What crowds around one service is laid out as one block first. */
function layoutAfresh(input: LayoutInput): MapLayout {
  const wrapped = wrapLeaves(input);
  if (wrapped.blocks.length === 0) return layoutParts(input);
  const laid = layoutParts(wrapped.input);
  const places = new Map(laid.places);
  const waypoints = new Map<string, readonly Point[]>();
  for (const [key, route] of laid.routes) waypoints.set(key, waypointsOf(route));
  for (const block of wrapped.blocks) {
    const unwrapped = unwrapLeaves(block, places.get(block.node.key)!);
    places.delete(block.node.key);
    const before = waypoints.get(block.node.key) ?? [];
    for (const [key, place] of unwrapped.places) places.set(key, place);
    for (const { edge } of block.leaves) {
      waypoints.set(edge.key, [...before, ...(unwrapped.waypoints.get(edge.key) ?? [])]);
    }
  }
  return { places, routes: routeEdges(input, places, waypoints), frames: new Map() };
}

function layoutParts(input: LayoutInput): MapLayout {
  const index = new Map(input.nodes.map((node, at) => [node.key, at]));
  const pairs = input.edges.map((edge): Pair => [index.get(edge.from)!, index.get(edge.to)!]);
  const parts = connectedParts(input.nodes.length, pairs).map((part) => layoutPart(input, part, pairs));
  const shifts = packParts(parts.map(({ width, height }) => ({ width, height })));

  const places = new Map<string, Point>();
  const waypoints = new Map<string, readonly Point[]>();
  parts.forEach((part, at) => {
    const shift = shifts[at]!;
    const moved = ({ x, y }: Point): Point => ({ x: x + shift.x, y: y + shift.y });
    for (const [node, place] of part.places) places.set(input.nodes[node]!.key, moved(place));
    for (const [edge, bends] of part.bends) waypoints.set(input.edges[edge]!.key, bends.map(moved));
  });
  return { places, routes: routeEdges(input, places, waypoints), frames: new Map() };
}

interface Part {
  readonly nodes: readonly number[];
  /** Indexes of edges. */
  readonly edges: readonly number[];
}

interface PlacedPart {
  /** By node, from the part's upper left corner. */
  readonly places: ReadonlyMap<number, Point>;
  readonly bends: ReadonlyMap<number, readonly Point[]>;
  readonly width: number;
  readonly height: number;
}

/** Nodes that are linked, directly or not. The largest part first. */
function connectedParts(count: number, pairs: readonly Pair[]): Part[] {
  const parent = Array.from({ length: count }, (_, node) => node);
  const find = (node: number): number => {
    let root = node;
    while (parent[root] !== root) root = parent[root]!;
    parent[node] = root;
    return root;
  };
  for (const [from, to] of pairs) parent[find(from)] = find(to);
  const parts = new Map<number, { nodes: number[]; edges: number[] }>();
  for (let node = 0; node < count; node += 1) {
    const part = parts.get(find(node));
    if (part === undefined) parts.set(find(node), { nodes: [node], edges: [] });
    else part.nodes.push(node);
  }
  pairs.forEach(([from], edge) => {
    parts.get(find(from))!.edges.push(edge);
  });
  return [...parts.values()].sort((a, b) => b.nodes.length - a.nodes.length);
}

function layoutPart({ nodes }: LayoutInput, part: Part, pairs: readonly Pair[]): PlacedPart {
  const local = new Map(part.nodes.map((node, at) => [node, at]));
  const count = part.nodes.length;
  const own = part.edges.map((edge): Pair => [local.get(pairs[edge]![0])!, local.get(pairs[edge]![1])!]);
  const graph = breakCycles({ count, edges: own });
  const layer = assignLayers(graph);

  // A bend for each layer that a long edge passes, so that nothing else stands in its way.
  const layers: number[][] = Array.from({ length: Math.max(...layer) + 1 }, () => []);
  for (let node = 0; node < count; node += 1) layers[layer[node]!]!.push(node);
  const heights = part.nodes.map((node) => nodes[node]!.height);
  const chains = new Map<number, number[]>();
  const steps: Pair[] = [];
  for (const [from, to] of graph.edges) {
    const bends: number[] = [];
    let last = from;
    for (let between = layer[from]! + 1; between < layer[to]!; between += 1) {
      const bend = heights.length;
      heights.push(0);
      layers[between]!.push(bend);
      steps.push([last, bend]);
      bends.push(bend);
      last = bend;
    }
    steps.push([last, to]);
    chains.set(from * count + to, bends);
  }

  const ordered = { layers: orderLayers({ layers, edges: steps }), edges: steps };
  const rows = assignRows(ordered, { heights, gap: rowGap, isBend: (node) => node >= count });
  const widthOf = (node: number): number => (node < count ? nodes[part.nodes[node]!]!.width : 0);
  const isBlock = (node: number): boolean => node < count && nodes[part.nodes[node]!]!.isBlock === true;
  const columns = columnsOf(ordered.layers, widthOf, isBlock);
  const tops = rows.map((row, node) => row - heights[node]! / 2);
  const top = Math.min(...tops);
  const at = (node: number, layer: number): Point => {
    const { left, middle } = columns[layer]!;
    return { x: isBlock(node) ? left + widthOf(node) / 2 : middle, y: rows[node]! - top };
  };

  const places = new Map(part.nodes.map((node, own) => [node, at(own, layer[own]!)] as const));
  const bends = new Map<number, readonly Point[]>();
  part.edges.forEach((edge, position) => {
    const [from, to] = own[position]!;
    const chain = chains.get(from * count + to);
    if (chain !== undefined)
      bends.set(
        edge,
        chain.map((bend, step) => at(bend, layer[from]! + 1 + step)),
      );
  });
  const height = Math.max(...rows.map((row, node) => row + heights[node]! / 2)) - top;
  const width = Math.max(...columns.map(({ right }) => right));
  return { places, bends, width, height };
}

interface Column {
  readonly left: number;
  /** Of all but blocks. */
  readonly middle: number;
  readonly right: number;
}

function columnsOf(
  layers: readonly (readonly number[])[],
  width: (node: number) => number,
  isBlock: (node: number) => boolean,
): Column[] {
  let left = 0;
  return layers.map((layer) => {
    const usual = Math.max(0, ...layer.filter((node) => !isBlock(node)).map(width));
    const right = left + Math.max(usual, ...layer.map(width));
    const column = { left, middle: left + usual / 2, right };
    left = right + columnGap;
    return column;
  });
}
