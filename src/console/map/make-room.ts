import type { Point } from "./map-layout.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Something on the map that may have grown or shrunk since it was given its place. */
export interface Sized extends Size {
  readonly key: string;
  readonly at: Point;
  readonly was: Size;
}

/**
 * Places for all after some have grown or shrunk: each keeps its left side and its middle, what stands to its right moves
 * along, what stands above or below it makes way. Everything stays left, right, above or below of what it was.
 */
export function makeRoom(all: readonly Sized[], gap: number): Map<string, Point> {
  const places = new Map(all.map(({ key, at }) => [key, at]));
  const now = new Map<string, Size>(all.map(({ key, was }) => [key, was]));
  for (const grown of all) {
    const dx = grown.width - grown.was.width;
    const dy = (grown.height - grown.was.height) / 2;
    if (Math.abs(dx) < 1 && Math.abs(dy) < 1) continue;
    const { x, y } = places.get(grown.key)!;
    const left = x - grown.was.width / 2;
    const right = left + Math.max(grown.width, grown.was.width);
    for (const other of all) {
      if (other === grown) continue;
      const place = places.get(other.key)!;
      const half = now.get(other.key)!.width / 2;
      if (place.x - half >= x + grown.was.width / 2) places.set(other.key, { x: place.x + dx, y: place.y });
      else if (place.x + half > left - gap && place.x - half < right + gap) {
        places.set(other.key, { x: place.x, y: place.y + (place.y < y ? -dy : dy) });
      }
    }
    places.set(grown.key, { x: left + grown.width / 2, y });
    now.set(grown.key, grown);
  }
  return places;
}
