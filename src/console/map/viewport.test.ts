import { expect, it } from "vitest";
import { fitBox, reveal, seenBox, toMap, zoomAt } from "./viewport.ts";

const screen = { width: 1000, height: 600 };

const insets = { left: 40, top: 40, right: 40, bottom: 40 };

it("what is under the pointer stays there when the map comes nearer", () => {
  const before = { x: 37, y: -12, scale: 0.7 };
  const pointer = { x: 400, y: 300 };
  const after = zoomAt(before, pointer, 1.8);
  expect(after.scale).toBeCloseTo(1.26);
  const [from, to] = [toMap(before, pointer), toMap(after, pointer)];
  expect([to.x, to.y]).toEqual([expect.closeTo(from.x), expect.closeTo(from.y)]);
});

it("the map is never so near or so far that it is lost", () => {
  const viewport = { x: 0, y: 0, scale: 1 };
  expect(zoomAt(viewport, { x: 0, y: 0 }, 1_000).scale).toBe(2.5);
  expect(zoomAt(viewport, { x: 0, y: 0 }, 0.000_1).scale).toBe(0.03);
});

it("a small map is shown as large as life in the middle, a large one whole", () => {
  expect(fitBox({ left: 0, top: 0, right: 100, bottom: 100 }, screen, insets)).toEqual({ x: 450, y: 250, scale: 1 });
  const box = { left: -500, top: 0, right: 3_500, bottom: 900 };
  const seen = seenBox(fitBox(box, screen, insets), screen);
  expect(seen.left).toBeLessThan(box.left);
  expect(seen.right).toBeGreaterThan(box.right);
});

it("what can be seen is not moved to be seen; what cannot is moved just so far", () => {
  const viewport = { x: 0, y: 0, scale: 1 };
  expect(reveal(viewport, { left: 100, top: 100, right: 200, bottom: 150 }, screen, 20)).toBe(viewport);
  const moved = reveal(viewport, { left: 1_100, top: 100, right: 1_200, bottom: 150 }, screen, 20);
  expect(moved).toEqual({ x: -220, y: 0, scale: 1 });
});

it("what lies over the picture has its room beside the map", () => {
  const box = { left: 0, top: 0, right: 4_000, bottom: 4_000 };
  const { top, bottom } = seenBox(fitBox(box, screen, { ...insets, top: 200 }), screen);
  expect(0 - top).toBeGreaterThan(1.5 * (bottom - 4_000));
});
