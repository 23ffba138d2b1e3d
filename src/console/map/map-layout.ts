import type { Box } from "./viewport.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LayoutNode {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  /** Key of the frame that it stands in together with others. */
  readonly group?: string;
  /** It stands for several in more than one column: what shares its column keeps to the left of it. */
  readonly isBlock?: boolean;
}

export interface LayoutEdge {
  readonly key: string;
  readonly from: string;
  readonly to: string;
}

export interface LayoutInput {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
}

/** Where everything stands. Plain data: it comes out of a worker when maps are large. */
export interface MapLayout {
  /** The middle of each node. */
  readonly places: ReadonlyMap<string, Point>;
  readonly routes: ReadonlyMap<string, Route>;
  /** Around the nodes of each group. */
  readonly frames: ReadonlyMap<string, Box>;
}

/** A curve from caller to callee: its first point, then two handles and a point for each cubic Bézier piece. */
export type Route = readonly Point[];

/** Room between columns, and between nodes of one column. */
export const columnGap = 112;
export const rowGap = 26;
