import type { Layered } from "./order-layers.ts";

export interface RowOptions {
  /** By node. */
  readonly heights: readonly number[];
  readonly gap: number;
  /** Bends of long edges: they hold on to each other, so that long edges run straight. */
  readonly isBend: (node: number) => boolean;
}

/**
 * The middle of each node from top to bottom. Passes to the right and to the left draw every node towards the middle of
 * its neighbours, as near as the order of its layer and the room between nodes allow (pool adjacent violators).
 */
export function assignRows({ layers, edges }: Layered, { heights, gap, isBend }: RowOptions): number[] {
  const count = heights.length;
  const left: number[][] = Array.from({ length: count }, () => []);
  const right: number[][] = Array.from({ length: count }, () => []);
  for (const [from, to] of edges) {
    right[from]!.push(to);
    left[to]!.push(from);
  }
  const rows = new Array<number>(count).fill(0);
  for (const layer of layers) stack(layer, rows, heights, gap);

  const draw = (layer: readonly number[], sides: readonly (readonly number[][])[]): void => {
    const wanted = layer.map((node) => {
      let sum = 0;
      let weights = 0;
      for (const side of sides) {
        for (const near of side[node]!) {
          const weight = isBend(node) && isBend(near) ? 8 : isBend(node) || isBend(near) ? 2 : 1;
          sum += weight * rows[near]!;
          weights += weight;
        }
      }
      return weights === 0 ? rows[node]! : sum / weights;
    });
    const weights = layer.map((node) => 1 + left[node]!.length + right[node]!.length);
    const offsets = stackedOffsets(layer, heights, gap);
    const free = poolAdjacentViolators(
      wanted.map((row, at) => row - offsets[at]!),
      weights,
    );
    layer.forEach((node, at) => {
      rows[node] = free[at]! + offsets[at]!;
    });
  };
  for (let pass = 0; pass < 6; pass += 1) {
    for (const layer of layers) draw(layer, pass < 5 ? [left] : [left, right]);
    for (const layer of layers.toReversed()) draw(layer, pass < 5 ? [right] : [left, right]);
  }
  return rows;
}

/** The ascending numbers that are nearest to the given ones, by weighted squares. */
function poolAdjacentViolators(values: readonly number[], weights: readonly number[]): number[] {
  const pools: { sum: number; weight: number; length: number }[] = [];
  values.forEach((value, at) => {
    let pool = { sum: value * weights[at]!, weight: weights[at]!, length: 1 };
    for (let last = pools.at(-1); last && last.sum / last.weight > pool.sum / pool.weight; last = pools.at(-1)) {
      pools.pop();
      pool = { sum: pool.sum + last.sum, weight: pool.weight + last.weight, length: pool.length + last.length };
    }
    pools.push(pool);
  });
  return pools.flatMap(({ sum, weight, length }) => new Array<number>(length).fill(sum / weight));
}

function stack(layer: readonly number[], rows: number[], heights: readonly number[], gap: number): void {
  const offsets = stackedOffsets(layer, heights, gap);
  const middle = (offsets.at(-1) ?? 0) / 2;
  layer.forEach((node, at) => {
    rows[node] = offsets[at]! - middle;
  });
}

/** How far below the first node of a layer each must be at least. */
function stackedOffsets(layer: readonly number[], heights: readonly number[], gap: number): number[] {
  let offset = 0;
  return layer.map((node, at) => {
    if (at > 0) offset += (heights[layer[at - 1]!]! + heights[node]!) / 2 + gap;
    return offset;
  });
}
