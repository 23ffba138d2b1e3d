// How long a map takes to lay out, and how many edges cross, on seeded graphs of tiers and hubs.
// Run: node --import tsx bench/console-layout.ts
import { layoutMap } from "../src/console/map/layout-map.ts";
import type { LayoutInput, MapLayout, Point } from "../src/console/map/map-layout.ts";

console.log("nodes  edges  first ms  median ms  crossings (mean of 8 seeds)  one more node ms");
for (const count of [10, 20, 30, 50, 100, 300, 500, 1000]) {
  const times: number[] = [];
  const growing: number[] = [];
  let crossings = 0;
  let edges = 0;
  const seeds = count > 300 ? 2 : 8;
  for (let seed = 1; seed <= seeds; seed += 1) {
    const input = tieredGraph(count, seed);
    edges += input.edges.length / seeds;
    const started = performance.now();
    const layout = layoutMap(input);
    times.push(performance.now() - started);
    crossings += countCrossings(input, layout) / seeds;
    const grown = { nodes: [...input.nodes, { ...input.nodes[0]!, key: "late" }], edges: [...input.edges] };
    grown.edges.push({ key: "late", from: input.nodes[1]!.key, to: "late" });
    const again = performance.now();
    layoutMap(grown, layout);
    growing.push(performance.now() - again);
  }
  const row = [count, Math.round(edges), times[0]!.toFixed(1), median(times).toFixed(1), crossings.toFixed(1)];
  console.log([...row, median(growing).toFixed(1)].map((each) => String(each).padStart(8)).join("  "));
}

/** About 1.25 edges a node, from lower tiers to higher ones. */
function tieredGraph(count: number, seed: number): LayoutInput {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const tiers = Math.max(2, Math.round(Math.log2(count)));
  const tier = Array.from({ length: count }, (_, node) => (node === 0 ? 0 : 1 + Math.floor(random() * (tiers - 1))));
  const pairs = new Set<string>();
  const callerOf = (node: number): number | undefined => {
    const pool = tier.flatMap((each, other) => (each < tier[node]! ? [other] : []));
    return pool[Math.floor(random() ** 2 * pool.length)];
  };
  for (let node = 1; node < count; node += 1) {
    for (let call = 0; call < (random() < 0.25 ? 2 : 1); call += 1) {
      const caller = callerOf(node);
      if (caller !== undefined) pairs.add(`${caller}>${node}`);
    }
  }
  return {
    nodes: tier.map((_, node) => ({ key: String(node), width: 196, height: 68 })),
    edges: [...pairs].map((key) => ({ key, from: key.split(">")[0]!, to: key.split(">")[1]! })),
  };
}

function countCrossings({ edges }: LayoutInput, { places }: MapLayout): number {
  const side = (p: Point, q: Point, r: Point): number =>
    Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  const lines = edges.map(({ from, to }) => [places.get(from)!, places.get(to)!] as const);
  let count = 0;
  for (const [index, [a, b]] of lines.entries()) {
    for (const [c, d] of lines.slice(0, index)) {
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) count += 1;
    }
  }
  return count;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
