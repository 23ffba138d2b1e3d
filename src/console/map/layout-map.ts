import { layoutGroups } from "./layout-groups.ts";
import { layoutNodes } from "./layout-nodes.ts";
import type { LayoutInput, MapLayout } from "./map-layout.ts";

/**
 * Lays a map out from left to right, callers before callees, what stands in one group in one frame. With a layout of
 * before, what it knows keeps its place.
 */
export function layoutMap(input: LayoutInput, before?: MapLayout): MapLayout {
  const hasFrames = (before?.frames.size ?? 0) > 0 || input.nodes.some(({ group }) => group !== undefined);
  return hasFrames ? layoutGroups(input, before) : layoutNodes(input, before);
}
