import type { Point, Route } from "./map-layout.ts";

/** A point of a route, `along` from 0 (caller) to 1 (callee), each piece counting the same. */
export function pointAlong(route: Route, along: number): Point {
  const pieces = (route.length - 1) / 3;
  const position = Math.min(1, Math.max(0, along)) * pieces;
  const piece = Math.min(pieces - 1, Math.floor(position));
  const t = position - piece;
  const [a, b, c, d] = route.slice(piece * 3, piece * 3 + 4) as [Point, Point, Point, Point];
  const u = 1 - t;
  const [wa, wb, wc, wd] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return { x: wa * a.x + wb * b.x + wc * c.x + wd * d.x, y: wa * a.y + wb * b.y + wc * c.y + wd * d.y };
}

/** How far a point is from a route, near enough for a pointer. */
export function distanceToRoute(route: Route, { x, y }: Point): number {
  const steps = ((route.length - 1) / 3) * 14;
  let nearest = Number.POSITIVE_INFINITY;
  let before = pointAlong(route, 0);
  for (let step = 1; step <= steps; step += 1) {
    const after = pointAlong(route, step / steps);
    const [dx, dy] = [after.x - before.x, after.y - before.y];
    const length = dx * dx + dy * dy || 1;
    const t = Math.min(1, Math.max(0, ((x - before.x) * dx + (y - before.y) * dy) / length));
    nearest = Math.min(nearest, Math.hypot(x - before.x - t * dx, y - before.y - t * dy));
    before = after;
  }
  return nearest;
}
