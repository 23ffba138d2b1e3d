import type { Pair } from "./layers.ts";

/** Nodes by layer, each layer from top to bottom; edges lead from one layer to the next, never further. */
export interface Layered {
  readonly layers: readonly (readonly number[])[];
  readonly edges: readonly Pair[];
}

/**
 * Orders each layer so that few edges cross: sweeps that put nodes at the middle of their neighbours, swaps of
 * neighbours that cross, and fresh starts from shuffled orders while the graph is small enough to afford them. The same
 * graph always gets the same order.
 */
export function orderLayers({ layers, edges }: Layered): number[][] {
  const links = new Links(layers, edges);
  let best = links.depthFirst();
  let fewest = Number.POSITIVE_INFINITY;
  const random = seeded(0x2545f491);
  const starts = Math.max(1, Math.min(12, Math.floor(12_000 / (links.size + 1))));
  for (let start = 0; start < starts && fewest > 0; start += 1) {
    const order = start === 0 ? best : best.map((layer) => shuffled(layer, random));
    const [found, crossings] = descend(links, order);
    if (crossings < fewest) {
      best = found;
      fewest = crossings;
    }
  }
  return best;
}

const mostSweeps = 16;
const patience = 4;

function descend(links: Links, start: number[][]): [number[][], number] {
  let order = start.map((layer) => [...layer]);
  let best = order;
  let fewest = links.crossings(order);
  let idle = 0;
  for (let sweep = 0; sweep < mostSweeps && idle < patience && fewest > 0; sweep += 1) {
    order = order.map((layer) => [...layer]);
    links.sweep(order, sweep % 2 === 0);
    links.swap(order);
    const crossings = links.crossings(order);
    idle += 1;
    if (crossings < fewest) {
      best = order;
      fewest = crossings;
      idle = 0;
    }
  }
  return [best, fewest];
}

/** Who is linked to whom on the left and on the right, and where everyone stands. */
class Links {
  readonly size: number;
  private readonly left: number[][];
  private readonly right: number[][];
  private readonly layers: readonly (readonly number[])[];
  private readonly place: Int32Array;

  constructor(layers: readonly (readonly number[])[], edges: readonly Pair[]) {
    const count = layers.reduce((most, layer) => layer.reduce((a, b) => Math.max(a, b + 1), most), 0);
    this.layers = layers;
    this.left = Array.from({ length: count }, () => []);
    this.right = Array.from({ length: count }, () => []);
    for (const [from, to] of edges) {
      this.right[from]!.push(to);
      this.left[to]!.push(from);
    }
    this.place = new Int32Array(count);
    this.size = count + edges.length;
  }

  /** Families stand together: a first order in which the callees of a node follow each other. */
  depthFirst(): number[][] {
    const layerOf = new Int32Array(this.place.length);
    this.layers.forEach((layer, index) => {
      for (const node of layer) layerOf[node] = index;
    });
    const order: number[][] = this.layers.map(() => []);
    const seen = new Uint8Array(this.place.length);
    const visit = (start: number): void => {
      const stack = [start];
      while (stack.length > 0) {
        const node = stack.pop()!;
        if (seen[node] === 1) continue;
        seen[node] = 1;
        order[layerOf[node]!]!.push(node);
        for (const to of this.right[node]!.toReversed()) stack.push(to);
      }
    };
    for (const layer of this.layers) for (const node of layer) visit(node);
    return order;
  }

  crossings(order: readonly (readonly number[])[]): number {
    let total = 0;
    for (let index = 1; index < order.length; index += 1)
      total += this.crossingsBetween(order[index - 1]!, order[index]!);
    return total;
  }

  /** One pass over all layers, each put in order by the middle of its neighbours on the side that has been passed. */
  sweep(order: number[][], toTheRight: boolean): void {
    const middle = new Float64Array(this.place.length);
    for (let step = 1; step < order.length; step += 1) {
      const index = toTheRight ? step : order.length - 1 - step;
      const fixed = order[toTheRight ? index - 1 : index + 1]!;
      this.number(fixed);
      const layer = order[index]!;
      const side = toTheRight ? this.left : this.right;
      layer.forEach((node, at) => {
        const near = side[node]!;
        // Who has nobody on that side keeps the place it has.
        middle[node] = near.length === 0 ? at : near.reduce((sum, each) => sum + this.place[each]!, 0) / near.length;
      });
      layer.sort((a, b) => middle[a]! - middle[b]!);
    }
  }

  /** Swaps nodes that stand next to each other as long as that takes crossings away. */
  swap(order: number[][]): void {
    let improved = true;
    for (let round = 0; improved && round < 8; round += 1) {
      improved = false;
      for (let index = 0; index < order.length; index += 1) {
        const layer = order[index]!;
        if (index > 0) this.number(order[index - 1]!);
        if (index + 1 < order.length) this.number(order[index + 1]!);
        for (let at = 1; at < layer.length; at += 1) {
          const a = layer[at - 1]!;
          const b = layer[at]!;
          const gain = this.gain(this.left[a]!, this.left[b]!) + this.gain(this.right[a]!, this.right[b]!);
          if (gain <= 0) continue;
          layer[at - 1] = b;
          layer[at] = a;
          improved = true;
        }
      }
    }
  }

  private number(layer: readonly number[]): void {
    layer.forEach((node, at) => {
      this.place[node] = at;
    });
  }

  /** Crossings that go away on one side when two neighbours change places. */
  private gain(upper: readonly number[], lower: readonly number[]): number {
    let gain = 0;
    for (const a of upper) for (const b of lower) gain += Math.sign(this.place[a]! - this.place[b]!);
    return gain;
  }

  private crossingsBetween(left: readonly number[], right: readonly number[]): number {
    this.number(right);
    const ends: number[] = [];
    for (const node of left) {
      const targets = this.right[node]!.map((to) => this.place[to]!).sort((a, b) => a - b);
      for (const target of targets) ends.push(target);
    }
    return inversions(ends, right.length);
  }
}

/** Pairs that stand in the wrong order, counted with a Fenwick tree. */
function inversions(values: readonly number[], size: number): number {
  const tree = new Int32Array(size + 1);
  let total = 0;
  values.forEach((value, seen) => {
    let notGreater = 0;
    for (let at = value + 1; at > 0; at -= at & -at) notGreater += tree[at]!;
    total += seen - notGreater;
    for (let at = value + 1; at <= size; at += at & -at) tree[at]! += 1;
  });
  return total;
}

function shuffled(list: readonly number[], random: () => number): number[] {
  const copy = [...list];
  for (let index = copy.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [copy[index], copy[other]] = [copy[other]!, copy[index]!];
  }
  return copy;
}

/** Chance that is the same each time (xorshift32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
