import { freeRow } from "./free-row.ts";
import { columnGap, type LayoutInput, type LayoutNode, type Point, rowGap } from "./map-layout.ts";

/**
 * Places for all nodes of a map that has grown: those of before stay, each newcomer stands to the right of its callers
 * (or to the left of its callees), as near to them as there is room. Who knows nobody goes below.
 */
export function placeNewcomers(input: LayoutInput, before: ReadonlyMap<string, Point>): Map<string, Point> {
  const places = new Map<string, Point>();
  const newcomers: LayoutNode[] = [];
  for (const node of input.nodes) {
    const place = before.get(node.key);
    if (place === undefined) newcomers.push(node);
    else places.set(node.key, place);
  }
  const nodes = new Map(input.nodes.map((node) => [node.key, node]));
  const near = neighboursByKey(input);

  while (newcomers.length > 0) {
    const acquainted = (node: LayoutNode): number => near.get(node.key)!.all.filter((key) => places.has(key)).length;
    const next = newcomers.reduce((best, node) => (acquainted(node) > acquainted(best) ? node : best));
    newcomers.splice(newcomers.indexOf(next), 1);
    places.set(next.key, placeOne(next, near.get(next.key)!, nodes, places));
  }
  return places;
}

interface Neighbours {
  readonly callers: readonly string[];
  readonly callees: readonly string[];
  readonly all: readonly string[];
}

function neighboursByKey({ nodes, edges }: LayoutInput): Map<string, Neighbours> {
  return new Map(
    nodes.map(({ key }) => {
      const callers = edges.filter((edge) => edge.to === key && edge.from !== key).map((edge) => edge.from);
      const callees = edges.filter((edge) => edge.from === key && edge.to !== key).map((edge) => edge.to);
      return [key, { callers, callees, all: [...callers, ...callees] }] as const;
    }),
  );
}

function placeOne(
  node: LayoutNode,
  near: Neighbours,
  nodes: ReadonlyMap<string, LayoutNode>,
  places: ReadonlyMap<string, Point>,
): Point {
  const placed = (keys: readonly string[]): { at: Point; width: number }[] =>
    keys.flatMap((key) => {
      const at = places.get(key);
      return at === undefined ? [] : [{ at, width: nodes.get(key)!.width }];
    });
  const callers = placed(near.callers);
  const callees = placed(near.callees);
  const all = [...callers, ...callees];
  if (all.length === 0) return { x: leftmost(nodes, places) + node.width / 2, y: lowest(nodes, places) + rowGap * 2 };

  const distance = (width: number): number => (width + node.width) / 2 + columnGap;
  const wanted =
    callers.length > 0
      ? Math.max(...callers.map(({ at, width }) => at.x + distance(width)))
      : Math.min(...callees.map(({ at, width }) => at.x - distance(width)));
  const x = nearestColumn(wanted, places, columnGap / 2);
  const y = all.reduce((sum, { at }) => sum + at.y, 0) / all.length;
  const inTheWay = [...places]
    .map(([key, at]) => ({ at, box: nodes.get(key)! }))
    .filter(({ at, box }) => Math.abs(at.x - x) < (box.width + node.width) / 2 + columnGap / 4)
    .map(({ at, box }) => ({ y: at.y, reach: (box.height + node.height) / 2 + rowGap }));
  return { x, y: freeRow(y, inTheWay) };
}

/** A column that is there already, where there is one near: newcomers stand in line. */
function nearestColumn(wanted: number, places: ReadonlyMap<string, Point>, reach: number): number {
  let best = wanted;
  for (const { x } of places.values()) {
    const distance = Math.abs(x - wanted);
    if (distance <= reach && (best === wanted || distance < Math.abs(best - wanted))) best = x;
  }
  return best;
}

function leftmost(nodes: ReadonlyMap<string, LayoutNode>, places: ReadonlyMap<string, Point>): number {
  return Math.min(...[...places].map(([key, { x }]) => x - nodes.get(key)!.width / 2));
}

function lowest(nodes: ReadonlyMap<string, LayoutNode>, places: ReadonlyMap<string, Point>): number {
  return Math.max(...[...places].map(([key, { y }]) => y + nodes.get(key)!.height));
}
