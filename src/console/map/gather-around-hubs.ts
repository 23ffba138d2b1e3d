import type { MapView } from "./map-view.ts";

const fewestMembers = 3;

/**
 * Gathers services around those that call them, where names and types say nothing: each service belongs to a
 * caller, and the parts of the tree that this makes become groups of up to about the root of all there are, named
 * after the service that leads them. By key of a node the name of its group.
 */
export function gatherAroundHubs(view: MapView): ReadonlyMap<string, string> {
  const services = new Map(view.nodes.filter(({ kind }) => kind !== "client").map((node) => [node.key, node]));
  const children = childrenOf(view, services);
  const mostMembers = Math.max(8, Math.round(2 * Math.sqrt(services.size)));
  const labels = new Map<string, string>();
  const taken = new Set<string>();
  const visit = (key: string): string[] => {
    if (taken.has(key)) return [];
    taken.add(key);
    // What is left of each child's part, the smallest first, as long as it fits.
    const parts = (children.get(key) ?? []).map(visit).sort((a, b) => a.length - b.length);
    const own = [key];
    for (const part of parts) {
      if (own.length + part.length <= mostMembers) own.push(...part);
      else close(part);
    }
    if (own.length < mostMembers / 2) return own;
    close(own);
    return [];
  };
  const names = new Set<string>();
  const close = (members: readonly string[]): void => {
    if (members.length < fewestMembers) return;
    const { name } = services.get(members[0]!)!.id;
    // Two services may share a name; their groups may not.
    const label = names.has(name) ? `${name} (${names.size})` : name;
    names.add(label);
    for (const member of members) labels.set(member, label);
  };
  for (const key of children.get(undefined) ?? []) close(visit(key));
  // Who only calls each other in a circle has no first one: any will do.
  for (const key of services.keys()) if (!taken.has(key)) close(visit(key));
  return labels;
}

/**
 * By each service those that belong to it; `undefined` stands for the caller of those whom nobody calls. Of several callers
 * it is the one that calls the fewest others: figures do not count, so that groups stay as they are while these move.
 */
function childrenOf(view: MapView, services: ReadonlyMap<string, unknown>): Map<string | undefined, string[]> {
  const callees = new Map<string, number>();
  const calls = view.edges.filter(({ from, to }) => from !== to && services.has(from) && services.has(to));
  for (const { from } of calls) callees.set(from, (callees.get(from) ?? 0) + 1);
  const callers = new Map<string, string>();
  for (const { from, to } of calls) {
    const known = callers.get(to);
    const isNearer = known === undefined || callees.get(from)! < callees.get(known)!;
    if (isNearer || (callees.get(from) === callees.get(known) && from < known)) callers.set(to, from);
  }
  const children = new Map<string | undefined, string[]>();
  for (const key of services.keys()) {
    const caller = callers.get(key);
    const list = children.get(caller);
    if (list === undefined) children.set(caller, [key]);
    else list.push(key);
  }
  return children;
}
