import { cut, cutPrefix, padStart, widthOf } from "./fit-text.ts";
import type { MapEdge, MapView } from "./map-view.ts";
import { mark, type Style } from "./style.ts";

/** A service map as an indented tree. A service that was drawn before is named again, without what it calls. */
export function drawMapTree(map: MapView, style: Style): string[] {
  const { glyphs, paint } = style;
  const labelWidth = Math.max(0, ...map.edges.map(({ label }) => widthOf(label)));
  const drawn = new Set<number>();
  const lines: string[] = [];

  const draw = (node: number, whole: string, below: string, edge: MapEdge | undefined): void => {
    const { name, detail, state } = map.nodes[node]!;
    const prefix = cutPrefix(whole, Math.floor(style.width / 2), glyphs);
    const isRepeated = drawn.has(node);
    const label = edge ? `${padStart(edge.label, labelWidth)} ${glyphs.arrow} ` : "";
    const note = isRepeated ? `  (above)` : detail === undefined ? "" : `  ${detail}`;
    const room = style.width - widthOf(prefix) - widthOf(label) - 2;
    const shown = cut(name, Math.max(4, room), glyphs);
    const shownNote = cut(note, Math.max(0, room - widthOf(shown)), glyphs);
    const shownLabel = edge && edge.state !== "ok" ? paint[edge.state](label) : label;
    lines.push(
      `${paint.dim(prefix)}${shownLabel}${paint.bold(shown)}${state ? ` ${mark(state, style)}` : ""}${paint.dim(shownNote)}`,
    );
    if (isRepeated) return;
    drawn.add(node);
    const calls = map.edges.filter(({ from }) => from === node);
    for (const [index, call] of calls.entries()) {
      const isLast = index === calls.length - 1;
      const branch = isLast ? glyphs.lastBranch : glyphs.branch;
      draw(call.to, below + branch, below + (isLast ? "  " : glyphs.trunk), call);
    }
  };

  const called = new Set(map.edges.filter(({ from, to }) => from !== to).map(({ to }) => to));
  const roots = map.nodes.map((_, node) => node).filter((node) => !called.has(node));
  for (const root of roots) draw(root, "  ", "  ", undefined);
  // A circle that nothing leads into has no root of its own.
  for (const node of map.nodes.keys()) if (!drawn.has(node)) draw(node, "  ", "  ", undefined);
  return lines;
}
