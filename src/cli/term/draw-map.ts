import { Canvas } from "./canvas.ts";
import { drawMapTree } from "./draw-map-tree.ts";
import { cut, widthOf } from "./fit-text.ts";
import { type Gutter, layoutMap, type MapLayout } from "./layout-map.ts";
import type { MapView } from "./map-view.ts";
import { mark, type Style } from "./style.ts";

const indent = 2;
const fewestColumns = 70;
const mostNodes = 12;
const shortestName = 6;

/** A service map as boxes from left to right; as an indented tree where boxes would not fit or not be clear. */
export function drawMap(map: MapView, style: Style): string[] {
  if (map.nodes.length === 0) return [];
  if (style.width < fewestColumns || map.nodes.length > mostNodes) return drawMapTree(map, style);
  const layout = layoutMap(map);
  const columns = layout && fitColumns(layout, map, style);
  if (!layout || !columns) return drawMapTree(map, style);
  return [...drawBoxes(layout, map, columns, style), ...drawReturning(layout, map, style)];
}

interface Columns {
  readonly layers: readonly { readonly left: number; readonly width: number }[];
  readonly right: number;
  /** Blanks between a box and what is in it. */
  readonly padding: number;
}

/** Finds widths that fit the terminal: without padding, then with names cut. `undefined` when even that is too wide. */
function fitColumns({ layers, gutters }: MapLayout, map: MapView, { width, glyphs }: Style): Columns | undefined {
  const markWidth = widthOf(glyphs.marks.ok);
  const between = gutters.map((gutter) => gutterWidth(gutter, map));
  const widthsWith = (padding: number): number[] =>
    layers.map((layer) => Math.max(...layer.map(({ node }) => boxWidth(node, map, markWidth) + 2 * padding)));
  const excess = (widths: readonly number[]): number => indent + sum(widths) + sum(between) - width;

  const padding = excess(widthsWith(1)) > 0 ? 0 : 1;
  const widths = widthsWith(padding);
  while (excess(widths) > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= shortestName + 3 + markWidth) return undefined;
    widths[widest] = widths[widest]! - 1;
  }
  let left = indent;
  const placed = widths.map((each, index) => {
    const layer = { left, width: each };
    left += each + (between[index] ?? 0);
    return layer;
  });
  return { layers: placed, right: left, padding };
}

/** Two sides, the name, a blank and its mark; or a second line that is longer. */
function boxWidth(node: number | undefined, map: MapView, markWidth: number): number {
  if (node === undefined) return 1;
  const { name, detail, state } = map.nodes[node]!;
  return Math.max(widthOf(name) + (state ? 1 + markWidth : 0), widthOf(detail ?? "")) + 2;
}

/** Tracks, then a piece of line, the longest label and the arrow. */
function gutterWidth({ tracks, lines }: Gutter, map: MapView): number {
  const labels = lines.map(({ edge }) => (edge === undefined ? 0 : widthOf(map.edges[edge]!.label)));
  return tracks + 2 + Math.max(0, ...labels);
}

function drawBoxes(layout: MapLayout, map: MapView, columns: Columns, style: Style): string[] {
  const { paint, glyphs } = style;
  const canvas = new Canvas(columns.right, layout.rows, glyphs);
  for (const [index, gutter] of layout.gutters.entries()) {
    const from = columns.layers[index]!;
    const start = from.left + from.width;
    const end = columns.layers[index + 1]!.left - 1;
    for (const { fromRow, toRow, track, edge } of gutter.lines) {
      const turn = start + (track ?? 0);
      canvas.horizontal(fromRow, start - 1, turn, paint.dim);
      canvas.vertical(turn, Math.min(fromRow, toRow), Math.max(fromRow, toRow), paint.dim);
      // A line that goes on reaches into the layer, where it meets its passing piece.
      canvas.horizontal(toRow, turn, edge === undefined ? end + 1 : end, paint.dim);
      if (edge === undefined) continue;
      const { label, state } = map.edges[edge]!;
      canvas.text(toRow, end, glyphs.arrow, paint.dim);
      canvas.text(toRow, end - widthOf(label), label, state === "ok" ? (text) => text : paint[state]);
    }
  }
  for (const [index, layer] of layout.layers.entries()) {
    const { left, width } = columns.layers[index]!;
    for (const { node, top, height, exit } of layer) {
      if (node === undefined) {
        canvas.horizontal(exit, left, left + width - 1, paint.dim);
        continue;
      }
      const { name, detail, state } = map.nodes[node]!;
      const inner = left + 1 + columns.padding;
      const room = width - 2 - 2 * columns.padding;
      const sign = state ? ` ${glyphs.marks[state]}` : "";
      const shown = cut(name, room - widthOf(sign), glyphs);
      canvas.box(left, top, width, height, state === undefined || state === "ok" ? paint.dim : paint[state]);
      canvas.text(top + 1, inner, shown, paint.bold);
      canvas.text(top + 1, inner + widthOf(shown), sign, paint[state ?? "ok"]);
      if (detail !== undefined) canvas.text(top + 2, inner, cut(detail, room, glyphs), paint.dim);
    }
  }
  return canvas.lines();
}

/** Calls back to a service further left, which boxes cannot show clearly. */
function drawReturning({ returning }: MapLayout, map: MapView, style: Style): string[] {
  return returning.map((index) => {
    const { from, to, label, state } = map.edges[index]!;
    const [caller, callee] = [map.nodes[from]!.name, map.nodes[to]!.name];
    const text = from === to ? `${caller} calls itself` : `${caller} calls back ${callee}`;
    const line = cut(`${" ".repeat(indent)}${style.glyphs.back} ${text}  ${label}`, style.width - 2, style.glyphs);
    return `${line} ${mark(state, style)}`;
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
