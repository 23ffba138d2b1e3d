import type { MapLayout } from "./map-layout.ts";
import type { MapView } from "./map-view.ts";

export type Direction = "left" | "right" | "up" | "down" | "first" | "last";

/**
 * Where an arrow key leads: right along a call to the callee, left to the caller, up and down within the column, to the
 * one that is nearest; `undefined` where there is nobody.
 */
export function walkMap(view: MapView, layout: MapLayout, from: string, direction: Direction): string | undefined {
  if (direction === "first") return readingOrder(view, layout)[0];
  if (direction === "last") return readingOrder(view, layout).at(-1);
  const here = layout.places.get(from);
  if (here === undefined) return undefined;
  const others =
    direction === "right"
      ? view.edges.filter((edge) => edge.from === from && edge.to !== from).map((edge) => edge.to)
      : direction === "left"
        ? view.edges.filter((edge) => edge.to === from && edge.from !== from).map((edge) => edge.from)
        : view.nodes
            .filter(({ key }) => {
              const place = layout.places.get(key);
              if (place === undefined || Math.abs(place.x - here.x) > 60) return false;
              return direction === "up" ? place.y < here.y : place.y > here.y;
            })
            .map(({ key }) => key);
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const key of others) {
    const place = layout.places.get(key);
    if (place === undefined) continue;
    const distance = Math.abs(place.y - here.y) + Math.abs(place.x - here.x) / 1000;
    if (distance >= least) continue;
    least = distance;
    nearest = key;
  }
  return nearest;
}

/** Nodes column by column from the left, each from top to bottom. */
export function readingOrder(view: MapView, { places }: MapLayout): string[] {
  return view.nodes
    .map(({ key }) => key)
    .sort((a, b) => {
      const [p, q] = [places.get(a), places.get(b)];
      if (p === undefined || q === undefined) return Number(p === undefined) - Number(q === undefined);
      return Math.round(p.x - q.x) || p.y - q.y;
    });
}
