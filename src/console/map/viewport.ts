import type { Point } from "./map-layout.ts";

/** What of the map is seen: `x` and `y` are where the map's origin stands on the screen, in pixels. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const leastScale = 0.03;
const mostScale = 2.5;

/** A point of the screen on the map. */
export function toMap({ x, y, scale }: Viewport, point: Point): Point {
  return { x: (point.x - x) / scale, y: (point.y - y) / scale };
}

/** The part of the map that is seen. */
export function seenBox(viewport: Viewport, { width, height }: Size): Box {
  const { x: left, y: top } = toMap(viewport, { x: 0, y: 0 });
  const { x: right, y: bottom } = toMap(viewport, { x: width, y: height });
  return { left, top, right, bottom };
}

/** Nearer or further, with the given point of the screen staying where it is. */
export function zoomAt(viewport: Viewport, point: Point, factor: number): Viewport {
  const scale = Math.min(mostScale, Math.max(leastScale, viewport.scale * factor));
  const { x, y } = toMap(viewport, point);
  return { x: point.x - x * scale, y: point.y - y * scale, scale };
}

export function pan(viewport: Viewport, dx: number, dy: number): Viewport {
  return { ...viewport, x: viewport.x + dx, y: viewport.y + dy };
}

/** Room at the sides of the screen that other things need. */
export interface Insets {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The whole box in the middle of the room that is left, no larger than life. */
export function fitBox({ left, top, right, bottom }: Box, size: Size, insets: Insets): Viewport {
  const width = Math.max(1, right - left);
  const height = Math.max(1, bottom - top);
  const room = {
    width: Math.max(40, size.width - insets.left - insets.right),
    height: Math.max(40, size.height - insets.top - insets.bottom),
  };
  const scale = Math.min(1, Math.max(leastScale, Math.min(room.width / width, room.height / height)));
  return {
    x: insets.left + (room.width - (left + right) * scale) / 2,
    y: insets.top + (room.height - (top + bottom) * scale) / 2,
    scale,
  };
}

/** Moved as little as it takes to see the box. */
export function reveal(viewport: Viewport, box: Box, size: Size, margin: number): Viewport {
  const seen = seenBox(viewport, size);
  const room = margin / viewport.scale;
  const shift = (low: number, high: number, from: number, to: number): number =>
    low < from + room ? from + room - low : high > to - room ? to - room - high : 0;
  const dx = shift(box.left, box.right, seen.left, seen.right);
  const dy = shift(box.top, box.bottom, seen.top, seen.bottom);
  return dx === 0 && dy === 0 ? viewport : pan(viewport, dx * viewport.scale, dy * viewport.scale);
}

/** The smallest box around things of a size with their middles; `undefined` around nothing. */
export function boxAround(things: readonly (Size & { readonly at: Point })[]): Box | undefined {
  if (things.length === 0) return undefined;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { at, width, height } of things) {
    left = Math.min(left, at.x - width / 2);
    right = Math.max(right, at.x + width / 2);
    top = Math.min(top, at.y - height / 2);
    bottom = Math.max(bottom, at.y + height / 2);
  }
  return { left, top, right, bottom };
}

export function touches(a: Box, b: Box): boolean {
  return a.left <= b.right && a.right >= b.left && a.top <= b.bottom && a.bottom >= b.top;
}
