import type { MapView } from "./map-view.ts";

/** Where everything goes, in character cells. Rows count down, columns are layers. */
export interface MapLayout {
  readonly layers: readonly (readonly Slot[])[];
  /** Lines between layer `i` and `i + 1` are in `gutters[i]`. */
  readonly gutters: readonly Gutter[];
  readonly rows: number;
  /** Indexes of edges that lead back to an earlier layer; they are told below the map. */
  readonly returning: readonly number[];
}

/** A node's box, or one row for a line that passes through the layer. */
interface Slot {
  /** Index of the node; absent for a passing line. */
  readonly node?: number;
  readonly top: number;
  readonly height: number;
  /** The row by which lines leave. */
  readonly exit: number;
}

export interface Gutter {
  readonly tracks: number;
  readonly lines: readonly Line[];
}

/** A line leaves a slot at `fromRow`, changes rows on `track` (none when it runs straight), and enters at `toRow`. */
interface Line {
  readonly fromRow: number;
  readonly toRow: number;
  readonly track?: number;
  /** Index of the edge that ends here; absent when the line goes on to a further layer. */
  readonly edge?: number;
}

interface Place {
  readonly node?: number;
  /** Edges by which it is entered: the place in the layer before, and the edge that ends here if one does. */
  readonly entries: { from: Place; edge?: number }[];
  top: number;
  height: number;
  order: number;
}

/**
 * Layers a map from left to right so that every call has a row of its own where it enters, and labels stand there.
 * Answers `undefined` where lines would have to run over one another.
 */
export function layoutMap(map: MapView): MapLayout | undefined {
  const { forward, returning } = splitEdges(map);
  const layers = placeInLayers(map, forward);
  orderLayers(layers);
  assignRows(layers, map);
  const gutters: Gutter[] = [];
  for (const layer of layers.slice(1)) {
    const gutter = routeGutter(layer);
    if (gutter === undefined) return undefined;
    gutters.push(gutter);
  }
  const slots = layers.map((layer) =>
    layer.map(
      (place): Slot => ({
        ...(place.node !== undefined && { node: place.node }),
        top: place.top,
        height: place.height,
        exit: exitRow(place),
      }),
    ),
  );
  const rows = Math.max(0, ...slots.flat().map(({ top, height }) => top + height));
  return { layers: slots, gutters, rows, returning };
}

/** Edges that close a circle, or lead to their own start, are set apart; what remains has no circles. */
function splitEdges({ nodes, edges }: MapView): { forward: number[]; returning: number[] } {
  const outgoing = nodes.map((_, node) => edges.flatMap(({ from }, index) => (from === node ? [index] : [])));
  const hasCaller = new Set(edges.map(({ to }) => to));
  const state = new Array<"new" | "open" | "done">(nodes.length).fill("new");
  const returning = new Set<number>();
  const visit = (node: number): void => {
    state[node] = "open";
    for (const index of outgoing[node]!) {
      const { to } = edges[index]!;
      if (state[to] === "open") returning.add(index);
      else if (state[to] === "new") visit(to);
    }
    state[node] = "done";
  };
  const starts = nodes.map((_, node) => node).toSorted((a, b) => Number(hasCaller.has(a)) - Number(hasCaller.has(b)));
  for (const node of starts) if (state[node] === "new") visit(node);
  const all = edges.map((_, index) => index);
  return { forward: all.filter((index) => !returning.has(index)), returning: [...returning].toSorted((a, b) => a - b) };
}

/** Each node one layer behind its furthest caller; longer lines get a place in every layer that they pass. */
function placeInLayers({ nodes, edges }: MapView, forward: readonly number[]): Place[][] {
  const layerOf = new Array<number>(nodes.length).fill(0);
  for (let round = 0, changed = true; changed && round <= nodes.length; round++) {
    changed = false;
    for (const index of forward) {
      const { from, to } = edges[index]!;
      if (layerOf[to]! > layerOf[from]!) continue;
      layerOf[to] = layerOf[from]! + 1;
      changed = true;
    }
  }
  const layers: Place[][] = Array.from({ length: Math.max(0, ...layerOf.map((layer) => layer + 1)) }, () => []);
  const add = (layer: number, node?: number): Place => {
    const height = node === undefined ? 1 : 3;
    const place = { ...(node !== undefined && { node }), entries: [], top: 0, height, order: layers[layer]!.length };
    layers[layer]!.push(place);
    return place;
  };
  const placeOf = layerOf.map((layer, node) => add(layer, node));
  for (const index of forward) {
    const { from, to } = edges[index]!;
    let before = placeOf[from]!;
    for (let layer = layerOf[from]! + 1; layer < layerOf[to]!; layer++) {
      const passing = add(layer);
      passing.entries.push({ from: before });
      before = passing;
    }
    placeOf[to]!.entries.push({ from: before, edge: index });
  }
  return layers;
}

/** Sorts each layer by the middle of its neighbours, to and fro, and keeps the order with the fewest crossings. */
function orderLayers(layers: readonly Place[][]): void {
  const callees = new Map<Place, Place[]>();
  for (const place of layers.flat()) {
    for (const { from } of place.entries) callees.set(from, [...(callees.get(from) ?? []), place]);
  }
  const sortBy = (layer: Place[], neighbours: (place: Place) => readonly Place[]): void => {
    const weight = new Map(layer.map((place) => [place, middle(neighbours(place), place.order)]));
    layer.sort((a, b) => weight.get(a)! - weight.get(b)! || a.order - b.order);
    number(layer);
  };
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(layers);
  for (let round = 0; round < 8 && fewest > 0; round++) {
    for (const layer of layers.slice(1)) sortBy(layer, ({ entries }) => entries.map(({ from }) => from));
    for (const layer of layers.slice(0, -1).toReversed()) sortBy(layer, (place) => callees.get(place) ?? []);
    const found = crossings(layers);
    if (found >= fewest) continue;
    fewest = found;
    best = layers.map((layer) => [...layer]);
  }
  for (const [index, layer] of layers.entries()) {
    layer.splice(0, layer.length, ...best[index]!);
    number(layer);
    for (const place of layer) place.entries.sort((a, b) => a.from.order - b.from.order);
  }
}

function number(layer: readonly Place[]): void {
  for (const [order, place] of layer.entries()) place.order = order;
}

function middle(places: readonly Place[], otherwise: number): number {
  if (places.length === 0) return otherwise;
  return places.reduce((sum, { order }) => sum + order, 0) / places.length;
}

function crossings(layers: readonly (readonly Place[])[]): number {
  let found = 0;
  for (const layer of layers) {
    const lines = layer.flatMap((place) => place.entries.map(({ from }) => [from.order, place.order] as const));
    for (const [a, b] of lines) for (const [c, d] of lines) if (a < c && b > d) found += 1;
  }
  return found;
}

/** Stacks each layer, every place level with the first line that enters it where there is room. */
function assignRows(layers: readonly (readonly Place[])[], { nodes }: MapView): void {
  for (const layer of layers) {
    let free = 0;
    for (const place of layer) {
      const first = place.entries[0];
      if (place.node === undefined) {
        place.top = Math.max(free, first ? exitRow(first.from) : 0);
        free = place.top + 1;
      } else {
        const hasDetail = nodes[place.node]!.detail !== undefined;
        place.height = 2 + Math.max(hasDetail ? 2 : 1, place.entries.length);
        place.top = Math.max(free, first ? exitRow(first.from) - 1 : 0);
        free = place.top + place.height;
      }
    }
  }
}

const exitRow = ({ node, top }: Place): number => (node === undefined ? top : top + 1);

/**
 * Lines of one source share a track. Where a source leaves in a row by which another line enters, its track must be
 * further left, or the two would run over one another.
 */
function routeGutter(layer: readonly Place[]): Gutter | undefined {
  const lines = layer.flatMap((place) =>
    place.entries.map(({ from, edge }, index) => ({
      from,
      ...(edge !== undefined && { edge }),
      fromRow: exitRow(from),
      toRow: place.node === undefined ? place.top : place.top + 1 + index,
    })),
  );
  const turning = [...new Set(lines.filter(({ fromRow, toRow }) => fromRow !== toRow).map(({ from }) => from))];
  const trackOf = new Map<Place, number>();
  const spans: { track: number; first: number; last: number }[] = [];
  const waiting = new Set(turning);
  while (waiting.size > 0) {
    // Ready: no waiting source has to stand further left.
    const isBlocked = (source: Place): boolean =>
      lines.some(
        (line) =>
          line.from === source && [...waiting].some((other) => other !== source && exitRow(other) === line.toRow),
      );
    const source = [...waiting].find((each) => !isBlocked(each));
    if (source === undefined) return undefined;
    waiting.delete(source);
    const own = lines.filter(({ from }) => from === source);
    const rows = own.flatMap(({ fromRow, toRow }) => [fromRow, toRow]);
    const [first, last] = [Math.min(...rows), Math.max(...rows)];
    const leftOf = turning.filter((other) => other !== source && own.some(({ toRow }) => toRow === exitRow(other)));
    let track = Math.max(0, ...leftOf.map((other) => trackOf.get(other)! + 1));
    while (spans.some((span) => span.track === track && span.first <= last && span.last >= first)) track += 1;
    trackOf.set(source, track);
    spans.push({ track, first, last });
  }
  return {
    tracks: Math.max(0, ...spans.map(({ track }) => track + 1)),
    lines: lines.map(({ from, ...line }) => {
      const track = trackOf.get(from);
      return { ...line, ...(track !== undefined && { track }) };
    }),
  };
}
