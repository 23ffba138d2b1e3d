/** A graph by numbers: nodes are 0 … count-1, edges are pairs of them. */
export interface Digraph {
  readonly count: number;
  readonly edges: readonly Pair[];
}

export type Pair = readonly [from: number, to: number];

/** The same graph with edges turned round where they close a circle; edges of a node to itself and doubles left out. */
export function breakCycles({ count, edges }: Digraph): Digraph {
  const out = neighbours(count, edges, 0);
  const state = new Uint8Array(count);
  const turned = new Set<number>();
  const visit = (start: number): void => {
    const stack: { node: number; next: number }[] = [{ node: start, next: 0 }];
    state[start] = visiting;
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const edge = out[top.node]![top.next++];
      if (edge === undefined) {
        state[top.node] = done;
        stack.pop();
        continue;
      }
      const to = edges[edge]![1];
      if (state[to] === visiting) turned.add(edge);
      else if (state[to] === unseen) {
        state[to] = visiting;
        stack.push({ node: to, next: 0 });
      }
    }
  };
  // From where calls enter, so that the edges that are turned are those that lead back.
  const hasCaller = new Uint8Array(count);
  for (const [from, to] of edges) if (from !== to) hasCaller[to] = 1;
  for (let node = 0; node < count; node += 1) if (hasCaller[node] === 0 && state[node] === unseen) visit(node);
  for (let node = 0; node < count; node += 1) if (state[node] === unseen) visit(node);

  const seen = new Set<number>();
  const kept: Pair[] = [];
  edges.forEach(([from, to], index) => {
    const pair: Pair = turned.has(index) ? [to, from] : [from, to];
    const code = pair[0] * count + pair[1];
    if (from === to || seen.has(code)) return;
    seen.add(code);
    kept.push(pair);
  });
  return { count, edges: kept };
}

/** The layer of each node, 0 leftmost, so that every edge leads to the right: as far left as callers allow, then drawn
 * together where a node has more to its right than to its left. The graph has no circles. */
export function assignLayers({ count, edges }: Digraph): number[] {
  const out = neighbours(count, edges, 0);
  const into = neighbours(count, edges, 1);
  const order = topological(count, edges, out);
  const layer = new Array<number>(count).fill(0);
  for (const node of order) {
    for (const edge of out[node]!) {
      const to = edges[edge]![1];
      layer[to] = Math.max(layer[to]!, layer[node]! + 1);
    }
  }
  for (const node of order.toReversed()) {
    const callees = out[node]!;
    if (callees.length <= into[node]!.length) continue;
    layer[node] = Math.min(...callees.map((edge) => layer[edges[edge]![1]]!)) - 1;
  }
  const first = layer.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  return layer.map((each) => each - first);
}

/** For each node the indexes of the edges that begin (side 0) or end (side 1) there. */
function neighbours(count: number, edges: readonly Pair[], side: 0 | 1): number[][] {
  const lists = Array.from({ length: count }, (): number[] => []);
  edges.forEach((edge, index) => {
    lists[edge[side]]!.push(index);
  });
  return lists;
}

const unseen = 0;
const visiting = 1;
const done = 2;

function topological(count: number, edges: readonly Pair[], out: readonly number[][]): number[] {
  const waiting = new Array<number>(count).fill(0);
  for (const [, to] of edges) waiting[to]! += 1;
  const order: number[] = [];
  for (let node = 0; node < count; node += 1) if (waiting[node] === 0) order.push(node);
  for (let index = 0; index < order.length; index += 1) {
    for (const edge of out[order[index]!]!) {
      const to = edges[edge]![1];
      waiting[to]! -= 1;
      if (waiting[to] === 0) order.push(to);
    }
  }
  return order;
}
