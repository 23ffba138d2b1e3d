import type { MapView } from "./map-view.ts";

/** Keys of all that is at most so many calls away from a node or a call: up among its callers, and down among its callees. */
export function reachOf(view: MapView, selected: string, hops: number): ReadonlySet<string> {
  const edge = view.edges.find(({ key }) => key === selected);
  const reached = new Set([selected]);
  if (edge !== undefined) reached.add(edge.from).add(edge.to);
  walk(view, edge?.to ?? selected, hops - (edge === undefined ? 0 : 1), "from", reached);
  walk(view, edge?.from ?? selected, hops - (edge === undefined ? 0 : 1), "to", reached);
  return reached;
}

/** Keys of the services whose name or part contains the words, and of the calls among them. */
export function findServices(view: MapView, words: string): ReadonlySet<string> {
  const wanted = words.trim().toLowerCase();
  const found = new Set(
    view.nodes
      .filter(({ id, part = "", kind }) => kind !== "client" && `${id.name} ${part}`.toLowerCase().includes(wanted))
      .map(({ key }) => key),
  );
  for (const { key, from, to } of view.edges) if (found.has(from) && found.has(to)) found.add(key);
  return found;
}

/** Goes on from a node along its calls, or against them, and notes what it passes. */
function walk(view: MapView, from: string, hops: number, near: "from" | "to", reached: Set<string>): void {
  const far = near === "from" ? "to" : "from";
  const edges = new Map<string, { key: string; end: string }[]>();
  for (const edge of view.edges) {
    const list = edges.get(edge[near]);
    const step = { key: edge.key, end: edge[far] };
    if (list === undefined) edges.set(edge[near], [step]);
    else list.push(step);
  }
  const seen = new Set([from]);
  let front = [from];
  for (let hop = 0; hop < hops && front.length > 0; hop += 1) {
    const next: string[] = [];
    for (const node of front) {
      for (const { key, end } of edges.get(node) ?? []) {
        reached.add(key).add(end);
        if (seen.has(end)) continue;
        seen.add(end);
        next.push(end);
      }
    }
    front = next;
  }
}
