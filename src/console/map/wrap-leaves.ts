import type { LayoutEdge, LayoutInput, LayoutNode, Point } from "./map-layout.ts";
import { rowGap } from "./map-layout.ts";

/** More services that only one calls, and that call nobody, than these do not stand in one column. */
const mostInColumn = 12;
/** Room between the columns of a block: lines end there, and none pass. */
const innerGap = 64;
/** How far before a card its line leaves the lane between two rows. */
const turnBefore = 34;

/** The map with a block in the place of each crowd of leaves. */
export interface Wrapped {
  readonly input: LayoutInput;
  readonly blocks: readonly Block[];
}

interface Block {
  readonly node: LayoutNode;
  readonly leaves: readonly { readonly node: LayoutNode; readonly edge: LayoutEdge }[];
  readonly rows: number;
  readonly cell: { readonly width: number; readonly height: number };
}

/** Gathers leaves that would make a column too high into blocks of several columns. */
export function wrapLeaves(input: LayoutInput): Wrapped {
  const callers = new Map<string, LayoutEdge[]>();
  const calling = new Set<string>();
  for (const edge of input.edges) {
    calling.add(edge.from);
    const known = callers.get(edge.to);
    if (known === undefined) callers.set(edge.to, [edge]);
    else known.push(edge);
  }
  const crowds = new Map<string, { node: LayoutNode; edge: LayoutEdge }[]>();
  for (const node of input.nodes) {
    const [edge, ...others] = callers.get(node.key) ?? [];
    if (edge === undefined || others.length > 0 || calling.has(node.key) || node.group !== undefined) continue;
    const crowd = crowds.get(edge.from);
    if (crowd === undefined) crowds.set(edge.from, [{ node, edge }]);
    else crowd.push({ node, edge });
  }
  const blocks = [...crowds]
    .filter(([, leaves]) => leaves.length > mostInColumn)
    .map(([caller, leaves]) => blockOf(caller, leaves.toSorted(byName)));
  if (blocks.length === 0) return { input, blocks };
  const gone = new Set(blocks.flatMap(({ leaves }) => leaves.map(({ node }) => node.key)));
  return {
    input: {
      nodes: [...input.nodes.filter(({ key }) => !gone.has(key)), ...blocks.map(({ node }) => node)],
      edges: [
        ...input.edges.filter(({ to }) => !gone.has(to)),
        ...blocks.map(({ node, leaves }) => ({ key: node.key, from: leaves[0]!.edge.from, to: node.key })),
      ],
    },
    blocks,
  };
}

/** In rows somebody looks for a name: 2 before 10. */
function byName(a: { readonly node: LayoutNode }, b: { readonly node: LayoutNode }): number {
  return a.node.key.localeCompare(b.node.key, "en", { numeric: true });
}

/** About half as wide again as it is high. */
function blockOf(caller: string, leaves: Block["leaves"]): Block {
  const width = Math.max(...leaves.map(({ node }) => node.width));
  const height = Math.max(...leaves.map(({ node }) => node.height));
  const rows = Math.ceil(Math.sqrt(leaves.length * 2.2));
  const columns = Math.ceil(leaves.length / rows);
  return {
    node: {
      key: `leaves of ${caller}`,
      isBlock: true,
      width: columns * width + (columns - 1) * innerGap,
      // The first lane is above the first row.
      height: rows * (height + rowGap),
    },
    leaves,
    rows,
    cell: { width, height },
  };
}

/** The places of a block's leaves, row by row, and the way of each line: along the lane above its row. */
export function unwrapLeaves(
  { node, leaves, rows, cell }: Block,
  { x, y }: Point,
): { places: Map<string, Point>; waypoints: Map<string, readonly Point[]> } {
  const columns = Math.ceil(leaves.length / rows);
  const [left, top] = [x - node.width / 2, y - node.height / 2];
  const places = new Map<string, Point>();
  const waypoints = new Map<string, readonly Point[]>();
  leaves.forEach(({ node: leaf, edge }, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    const cardLeft = left + column * (cell.width + innerGap);
    const lane = top + row * (cell.height + rowGap) + rowGap / 2;
    places.set(leaf.key, { x: cardLeft + cell.width / 2, y: lane + rowGap / 2 + cell.height / 2 });
    if (column === 0) return;
    waypoints.set(edge.key, [
      { x: left - turnBefore / 2, y: lane },
      { x: cardLeft - turnBefore, y: lane },
    ]);
  });
  return { places, waypoints };
}
