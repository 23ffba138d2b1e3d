import { freeRow } from "./free-row.ts";
import type { LayoutEdge, LayoutInput, LayoutNode, Point, Route } from "./map-layout.ts";

/**
 * The curve of each edge, from the right side of its caller to the left side of its callee, through its waypoints or
 * else round what stands in the way. Calls that lead back go below, calls of a service to itself make a loop above.
 */
export function routeEdges(
  input: LayoutInput,
  places: ReadonlyMap<string, Point>,
  waypoints: ReadonlyMap<string, readonly Point[]>,
): Map<string, Route> {
  const nodes = new Map(input.nodes.map((node) => [node.key, { node, at: places.get(node.key)! }]));
  const columns = groupByColumn([...nodes.values()]);
  const ports = spreadPorts(input.edges, nodes, waypoints);
  return new Map(
    input.edges.map((edge) => {
      const from = nodes.get(edge.from)!;
      const to = nodes.get(edge.to)!;
      if (from === to) return [edge.key, loop(from)];
      if (!leadsForward(from, to)) return [edge.key, back(from, to)];
      const port = ports.get(edge.key)!;
      const start = { x: from.at.x + from.node.width / 2, y: from.at.y + port.start };
      const end = { x: to.at.x - to.node.width / 2, y: to.at.y + port.end };
      const between = waypoints.get(edge.key) ?? detour(start, end, columns);
      return [edge.key, smooth([start, ...between, end])];
    }),
  );
}

/** Points that a route was led through, without its two ends. */
export function waypointsOf(route: Route): Point[] {
  return route.filter((_, index) => index % 3 === 0).slice(1, -1);
}

interface Box {
  readonly node: LayoutNode;
  readonly at: Point;
}

interface Port {
  start: number;
  end: number;
}

const clearance = 14;

function leadsForward(from: Box, to: Box): boolean {
  return to.at.x - to.node.width / 2 - (from.at.x + from.node.width / 2) > 16;
}

/** Edges of one side of a node leave it one above the other, in the order of where they go. */
function spreadPorts(
  edges: readonly LayoutEdge[],
  nodes: ReadonlyMap<string, Box>,
  waypoints: ReadonlyMap<string, readonly Point[]>,
): Map<string, Port> {
  const ports = new Map(edges.map((edge) => [edge.key, { start: 0, end: 0 }]));
  const spread = (
    side: "start" | "end",
    own: (edge: LayoutEdge) => string,
    other: (edge: LayoutEdge) => string,
  ): void => {
    const groups = new Map<string, { edge: LayoutEdge; y: number }[]>();
    for (const edge of edges) {
      const from = nodes.get(edge.from)!;
      const to = nodes.get(edge.to)!;
      if (from === to || !leadsForward(from, to)) continue;
      const bends = waypoints.get(edge.key) ?? [];
      const y = (side === "start" ? bends[0] : bends.at(-1))?.y ?? nodes.get(other(edge))!.at.y;
      const group = groups.get(own(edge));
      if (group === undefined) groups.set(own(edge), [{ edge, y }]);
      else group.push({ edge, y });
    }
    for (const [key, group] of groups) {
      const room = nodes.get(key)!.node.height - 28;
      const step = Math.min(9, room / Math.max(1, group.length - 1));
      group.sort((a, b) => a.y - b.y);
      group.forEach(({ edge }, index) => {
        ports.get(edge.key)![side] = (index - (group.length - 1) / 2) * step;
      });
    }
  };
  spread(
    "start",
    (edge) => edge.from,
    (edge) => edge.to,
  );
  spread(
    "end",
    (edge) => edge.to,
    (edge) => edge.from,
  );
  return ports;
}

function groupByColumn(boxes: readonly Box[]): { x: number; boxes: Box[] }[] {
  const columns = new Map<number, Box[]>();
  for (const box of boxes) {
    const x = Math.round(box.at.x);
    const column = columns.get(x);
    if (column === undefined) columns.set(x, [box]);
    else column.push(box);
  }
  return [...columns].map(([x, column]) => ({ x, boxes: column })).sort((a, b) => a.x - b.x);
}

/** Points above or below the nodes that a straight line would run through. */
function detour(start: Point, end: Point, columns: readonly { x: number; boxes: Box[] }[]): Point[] {
  const points: Point[] = [];
  for (const { x, boxes } of columns) {
    if (x <= start.x + clearance || x >= end.x - clearance) continue;
    const last = points.at(-1) ?? start;
    const straight = last.y + ((end.y - last.y) * (x - last.x)) / (end.x - last.x);
    const y = freeRow(
      straight,
      boxes.map(({ node, at }) => ({ y: at.y, reach: node.height / 2 + clearance })),
    );
    if (y !== straight) points.push({ x, y });
  }
  return points;
}

/** A curve through the points that leaves and arrives level and never overshoots (monotone cubic). */
function smooth(points: readonly Point[]): Route {
  const slopes = points.map((point, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (before === undefined || after === undefined) return 0;
    const left = (point.y - before.y) / (point.x - before.x);
    const right = (after.y - point.y) / (after.x - point.x);
    return left * right <= 0 ? 0 : (2 * left * right) / (left + right);
  });
  const route: Point[] = [points[0]!];
  for (let index = 1; index < points.length; index += 1) {
    const from = points[index - 1]!;
    const to = points[index]!;
    const width = to.x - from.x;
    const [out, into] = [slopes[index - 1]!, slopes[index]!];
    const first = width * (out === 0 ? 0.5 : 1 / 3);
    const second = width * (into === 0 ? 0.5 : 1 / 3);
    route.push({ x: from.x + first, y: from.y + out * first }, { x: to.x - second, y: to.y - into * second }, to);
  }
  return route;
}

function back(from: Box, to: Box): Route {
  const start = { x: from.at.x - from.node.width / 4, y: from.at.y + from.node.height / 2 };
  const end = { x: to.at.x + to.node.width / 4, y: to.at.y + to.node.height / 2 };
  const depth = Math.max(start.y, end.y) + 44 + Math.abs(start.x - end.x) * 0.06;
  return [start, { x: start.x, y: depth }, { x: end.x, y: depth }, end];
}

function loop({ node, at }: Box): Route {
  const top = at.y - node.height / 2;
  const start = { x: at.x + node.width / 2 - 18, y: top };
  const end = { x: at.x + node.width / 2 - 62, y: top };
  return [start, { x: start.x + 22, y: top - 44 }, { x: end.x - 22, y: top - 44 }, end];
}
