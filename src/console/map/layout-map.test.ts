import { describe, expect, it } from "vitest";
import { countCrossings, peerCrossings, seedsFor, tieredGraph } from "../../../test/fixtures/tiered-graphs.ts";
import { layoutMap } from "./layout-map.ts";
import type { LayoutInput, MapLayout, Point } from "./map-layout.ts";

const size = { width: 190, height: 66 };

function mapOf(...edges: readonly string[]): LayoutInput {
  const pairs = edges.map((edge) => edge.split(">") as [string, string]);
  const keys = [...new Set(pairs.flat())];
  return {
    nodes: keys.map((key) => ({ key, ...size })),
    edges: pairs.map(([from, to]) => ({ key: `${from}>${to}`, from, to })),
  };
}

/** Tiers with hubs and a few calls that skip tiers or lead back, as systems have them. */
function system(count: number, seed: number): LayoutInput {
  const random = chance(seed);
  const tiers = Math.max(2, Math.round(Math.sqrt(count)));
  const tierOf = (node: number): number => Math.floor((node * tiers) / count);
  const edges = new Set<string>();
  for (let node = 1; node < count; node += 1) {
    const callers = Array.from({ length: count }, (_, each) => each).filter((each) => tierOf(each) < tierOf(node));
    const pool = callers.length > 0 ? callers : [0];
    // The square makes hubs of the first of a tier.
    const caller = pool[Math.floor(random() ** 2 * pool.length)]!;
    if (caller !== node) edges.add(`n${caller}>n${node}`);
    if (random() < 0.25) edges.add(`n${Math.floor(random() * count)}>n${node}`);
  }
  return mapOf(...edges);
}

function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function overlaps(input: LayoutInput, { places }: MapLayout): string[] {
  const found: string[] = [];
  for (const a of input.nodes) {
    for (const b of input.nodes) {
      if (a.key >= b.key) continue;
      const [p, q] = [places.get(a.key)!, places.get(b.key)!];
      if (Math.abs(p.x - q.x) < (a.width + b.width) / 2 && Math.abs(p.y - q.y) < (a.height + b.height) / 2) {
        found.push(`${a.key} ${b.key}`);
      }
    }
  }
  return found;
}

function crossings(input: LayoutInput, place: (key: string) => Point): number {
  let count = 0;
  const lines = input.edges.map(({ from, to }) => [place(from), place(to)] as const);
  for (let i = 0; i < lines.length; i += 1)
    for (let j = 0; j < i; j += 1) if (crosses(lines[i]!, lines[j]!)) count += 1;
  return count;
}

function crosses([a, b]: readonly [Point, Point], [c, d]: readonly [Point, Point]): boolean {
  const side = (p: Point, q: Point, r: Point): number =>
    Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  const sides = [side(a, b, c) * side(a, b, d), side(c, d, a) * side(c, d, b)];
  return sides.every((each) => each < 0);
}

describe("layoutMap", () => {
  it("puts callers to the left of callees", () => {
    const { places } = layoutMap(mapOf("client>web", "web>orders", "web>users", "orders>stock", "web>stock"));
    const x = (key: string): number => places.get(key)!.x;
    expect(x("client")).toBeLessThan(x("web"));
    expect(x("web")).toBeLessThan(x("orders"));
    expect(x("orders")).toBeLessThan(x("stock"));
  });

  it("draws services that call each other in circles, and themselves", () => {
    const input = mapOf("a>b", "b>c", "c>a", "b>b");
    const layout = layoutMap(input);
    expect(overlaps(input, layout)).toEqual([]);
    expect([...layout.routes.keys()].sort()).toEqual(["a>b", "b>b", "b>c", "c>a"]);
    for (const route of layout.routes.values()) expect(route.length % 3).toBe(1);
  });

  it("lays nothing out for an empty map", () => {
    expect(layoutMap({ nodes: [], edges: [] }).places.size).toBe(0);
  });

  it.each([5, 20, 60, 150, 300])("lets no two of %i nodes overlap", (count) => {
    const input = system(count, count);
    expect(overlaps(input, layoutMap(input))).toEqual([]);
  });

  it("lays the same map out the same way each time", () => {
    const input = system(80, 7);
    expect(layoutMap(input)).toEqual(layoutMap(structuredClone(input)));
  });

  it("leads long edges round the nodes in between", () => {
    const input = mapOf("a>b", "b>c", "c>d", "a>d");
    const { places, routes } = layoutMap(input);
    const bends = routes.get("a>d")!.filter((_, index) => index % 3 === 0);
    expect(bends.length).toBe(4);
    for (const key of ["b", "c"]) {
      const place = places.get(key)!;
      const bend = bends.find((each) => Math.abs(each.x - place.x) < 1)!;
      expect(Math.abs(bend.y - place.y)).toBeGreaterThan(size.height / 2);
    }
  });

  // Mean of eight seeds; what the same graphs give when each layer keeps the order in which its nodes came.
  it.each([10, 20, 50])("crosses far fewer edges than %i nodes in the order they came", (count) => {
    let ours = 0;
    let asTheyCame = 0;
    for (let seed = 1; seed <= 8; seed += 1) {
      const input = system(count, seed);
      const { places } = layoutMap(input);
      ours += crossings(input, (key) => places.get(key)!);
      const rows = new Map<number, number>();
      const naive = new Map<string, Point>();
      for (const { key } of input.nodes) {
        const { x } = places.get(key)!;
        const row = rows.get(x) ?? 0;
        rows.set(x, row + 1);
        naive.set(key, { x, y: row * 92 });
      }
      asTheyCame += crossings(input, (key) => naive.get(key)!);
    }
    expect(ours).toBeLessThanOrEqual(asTheyCame * 0.6);
  });
});

describe("calls that cross", () => {
  it.each(peerCrossings)(
    "are no more than dagre's among $count services, nor far more than dot's",
    ({ count, dagre, dot }) => {
      let ours = 0;
      for (let seed = 1; seed <= seedsFor(count); seed += 1) {
        const input = tieredGraph(count, seed);
        ours += countCrossings(input, layoutMap(input).places) / seedsFor(count);
      }
      expect(ours).toBeLessThanOrEqual(dagre);
      if (count <= 100) expect(ours).toBeLessThanOrEqual(1.25 * dot);
    },
  );
});

describe("a map that grows", () => {
  const known = system(100, 3);

  it("keeps every known node in its place", () => {
    const before = layoutMap(known);
    const caller = known.nodes[40]!.key;
    const grown: LayoutInput = {
      nodes: [...known.nodes, { key: "late", ...size }],
      edges: [...known.edges, { key: `${caller}>late`, from: caller, to: "late" }],
    };
    const after = layoutMap(grown, before);
    for (const [key, place] of before.places) expect(after.places.get(key)).toEqual(place);
    expect(after.places.get("late")!.x).toBeGreaterThan(before.places.get(caller)!.x);
    expect(overlaps(grown, after)).toEqual([]);
  });

  it("finds room for a whole chain of newcomers and for one who knows nobody", () => {
    const before = layoutMap(known);
    const chain = mapOf("n5>x", "x>y", "y>z", "z>n5", "lone>lone");
    const isNew = ({ key }: { key: string }): boolean => !before.places.has(key);
    const grown = { nodes: [...known.nodes, ...chain.nodes.filter(isNew)], edges: [...known.edges, ...chain.edges] };
    const after = layoutMap(grown, before);
    expect(overlaps(grown, after)).toEqual([]);
    expect(after.routes.size).toBe(grown.edges.length);
  });

  it("keeps the places of those who stay when others leave", () => {
    const before = layoutMap(known);
    const nodes = known.nodes.slice(0, 60);
    const keys = new Set(nodes.map(({ key }) => key));
    const edges = known.edges.filter(({ from, to }) => keys.has(from) && keys.has(to));
    const after = layoutMap({ nodes, edges }, before);
    for (const { key } of nodes) expect(after.places.get(key)).toEqual(before.places.get(key));
  });

  it("is laid out afresh while most of it is new", () => {
    const before = layoutMap(mapOf("a>b"));
    const grown = mapOf("a>b", "b>c", "b>d", "c>d");
    expect(layoutMap(grown, before)).toEqual(layoutMap(grown));
  });
});
