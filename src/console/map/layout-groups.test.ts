import { describe, expect, it } from "vitest";
import { cardSize } from "./card-size.ts";
import { layoutMap } from "./layout-map.ts";
import type { LayoutInput, MapLayout } from "./map-layout.ts";
import type { Box } from "./viewport.ts";

/** Twelve services behind each of three entries; `open` are the groups that show theirs. */
function system(...open: readonly string[]): LayoutInput {
  const nodes: { key: string; width: number; height: number; group?: string }[] = [{ key: "web", ...cardSize }];
  const edges: LayoutInput["edges"][number][] = [];
  for (const group of ["a", "b", "c"]) {
    if (!open.includes(group)) {
      nodes.push({ key: group, ...cardSize });
      edges.push({ key: `web>${group}`, from: "web", to: group });
      continue;
    }
    for (let at = 0; at < 12; at += 1) {
      const key = `${group}${at}`;
      nodes.push({ key, ...cardSize, group });
      const from = at === 0 ? "web" : `${group}${Math.floor((at - 1) / 3)}`;
      edges.push({ key: `${from}>${key}`, from, to: key });
    }
  }
  return { nodes, edges };
}

function boxesOf(input: LayoutInput, { places, frames }: MapLayout): Map<string, Box> {
  const boxes = new Map<string, Box>(frames);
  for (const { key, width, height, group } of input.nodes) {
    const { x, y } = places.get(key)!;
    const box = { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
    if (group === undefined) boxes.set(key, box);
    else expect(isInside(box, frames.get(group)!)).toBe(true);
  }
  return boxes;
}

function isInside(inner: Box, outer: Box): boolean {
  const isWide = inner.left >= outer.left && inner.right <= outer.right;
  return isWide && inner.top >= outer.top && inner.bottom <= outer.bottom;
}

function overlaps(boxes: ReadonlyMap<string, Box>): string[] {
  const all = [...boxes];
  return all.flatMap(([a, p], at) =>
    all
      .slice(0, at)
      .filter(([, q]) => p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom)
      .map(([b]) => `${a} ${b}`),
  );
}

describe("a map with groups", () => {
  it.each([[["a"]], [["a", "b"]], [["a", "b", "c"]]])("with %j open lets nothing overlap", (open) => {
    const input = system(...open);
    const layout = layoutMap(input);
    expect([...layout.frames.keys()]).toEqual(open);
    expect(overlaps(boxesOf(input, layout))).toEqual([]);
    expect(layout.routes.size).toBe(input.edges.length);
  });

  it("opens a group where it is, and the rest makes room without changing sides", () => {
    const closed = layoutMap(system());
    const input = system("b");
    const opened = layoutMap(input, closed);
    const boxes = boxesOf(input, opened);
    expect(overlaps(boxes)).toEqual([]);
    expect(boxes.get("b")!.left).toBeCloseTo(closed.places.get("b")!.x - cardSize.width / 2);
    expect(opened.places.get("web")).toEqual(closed.places.get("web"));
    const order = (layout: MapLayout): string[] =>
      ["a", "b", "c"].sort((p, q) => middle(layout, p) - middle(layout, q));
    expect(order(opened)).toEqual(order(closed));
  });

  it("is as it was when the group is closed again", () => {
    const closed = layoutMap(system());
    const again = layoutMap(system(), layoutMap(system("b"), closed));
    for (const [key, place] of closed.places) {
      expect(again.places.get(key)!.x).toBeCloseTo(place.x);
      expect(again.places.get(key)!.y).toBeCloseTo(place.y);
    }
    expect(again.frames.size).toBe(0);
  });

  it("keeps everything where it is when a group gets one more service", () => {
    const input = system("a", "b");
    const before = layoutMap(input);
    const grown: LayoutInput = {
      nodes: [...input.nodes, { key: "late", ...cardSize, group: "b" }],
      edges: [...input.edges, { key: "b0>late", from: "b0", to: "late" }],
    };
    const after = layoutMap(grown, before);
    expect(overlaps(boxesOf(grown, after))).toEqual([]);
    expect(after.places.get("web")).toEqual(before.places.get("web"));
  });
});

function middle({ places, frames }: MapLayout, key: string): number {
  const frame = frames.get(key);
  return frame === undefined ? places.get(key)!.y : (frame.top + frame.bottom) / 2;
}
