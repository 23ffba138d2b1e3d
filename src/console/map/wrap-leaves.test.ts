import { expect, it } from "vitest";
import { layoutNodes } from "./layout-nodes.ts";
import type { LayoutInput } from "./map-layout.ts";
import { wrapLeaves } from "./wrap-leaves.ts";

const size = { width: 200, height: 70 };

/** `client` calls `hub`, that so many services which call nobody, and `hub` one that calls another. */
function hubWith(leaves: number): LayoutInput {
  const names = Array.from({ length: leaves }, (_, at) => `leaf ${at}`);
  const pairs = [["client", "hub"], ["hub", "other"], ["other", "last"], ...names.map((name) => ["hub", name])] as [
    string,
    string,
  ][];
  return {
    nodes: [...new Set(pairs.flat())].map((key) => ({ key, ...size })),
    edges: pairs.map(([from, to]) => ({ key: `${from}>${to}`, from, to })),
  };
}

it("forty leaves of one service stand in several columns, not in one that is forty cards high", () => {
  const input = hubWith(40);
  const { places, routes } = layoutNodes(input);
  const ys = [...places.values()].map(({ y }) => y);
  expect(Math.max(...ys) - Math.min(...ys)).toBeLessThan(14 * 96);
  expect([places.size, routes.size]).toEqual([input.nodes.length, input.edges.length]);
  const columns = new Set([...places].filter(([key]) => key.startsWith("leaf")).map(([, { x }]) => x));
  expect(columns.size).toBeGreaterThan(2);
});

it("no two cards lie on each other, all leaves are to the right of their caller, and each line ends at its card", () => {
  const input = hubWith(27);
  const { places, routes } = layoutNodes(input);
  const all = [...places];
  for (const [key, p] of all) {
    for (const [other, q] of all) {
      if (key >= other) continue;
      expect(Math.abs(p.x - q.x) >= size.width || Math.abs(p.y - q.y) >= size.height).toBe(true);
    }
    if (key.startsWith("leaf")) expect(p.x).toBeGreaterThan(places.get("hub")!.x);
  }
  for (const { key, to } of input.edges) {
    const end = routes.get(key)!.at(-1)!;
    const card = places.get(to)!;
    expect(end.x).toBeCloseTo(card.x - size.width / 2);
    expect(Math.abs(end.y - card.y)).toBeLessThanOrEqual(size.height / 2);
  }
});

it("lines to a block run between its cards, never through one", () => {
  const input = hubWith(27);
  const { places, routes } = layoutNodes(input);
  for (const { key, from, to } of input.edges) {
    for (const point of routes.get(key)!) {
      for (const [other, { x, y }] of places) {
        if (other === from || other === to) continue;
        expect(Math.abs(point.x - x) < size.width / 2 && Math.abs(point.y - y) < size.height / 2).toBe(false);
      }
    }
  }
});

it("a few leaves stay in their column, and so does one that somebody else calls, too", () => {
  expect(wrapLeaves(hubWith(12)).blocks).toEqual([]);
  const shared = hubWith(13);
  const alsoCalled = [...shared.edges, { key: "other>leaf 0", from: "other", to: "leaf 0" }];
  expect(wrapLeaves({ ...shared, edges: alsoCalled }).blocks).toEqual([]);
});
