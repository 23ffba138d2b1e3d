import { sumFigures } from "./figures.ts";
import { labelGroups } from "./label-groups.ts";
import type { Grouping } from "./map-choices.ts";
import { edgeKey, type MapEdge, type MapGroup, type MapNode, type MapView } from "./map-view.ts";

/** Maps with more services than this are gathered in groups that are closed until someone opens them. */
export const mostUngrouped = 150;

export interface GroupingWanted {
  readonly by: Grouping;
  /** Groups are closed until they are turned; otherwise open. */
  readonly areClosed: boolean;
  /** Keys of groups that are not as they were found. */
  readonly turned: readonly string[];
}

/**
 * The map with its services gathered in groups. A closed group is one node with the figures of all its services, and
 * has their calls to and from others; an open one keeps its services. Who is alone in a group stays outside of it.
 */
export function groupMap(view: MapView, { by, areClosed, turned }: GroupingWanted): MapView {
  if (by === "none") return view;
  const labels = labelGroups(view, by);
  const groups = gather(view, labels).map(([key, label, members]) => ({
    group: {
      ...{ key, label, members: members.map((member) => member.key) },
      isOpen: turned.includes(key) === areClosed,
    } satisfies MapGroup,
    members,
  }));
  /** By key of what is not seen, the key of the node that stands for it. */
  const into = new Map<string, string>();
  const frames = new Map<string, string>();
  for (const { group, members } of groups) {
    for (const { key } of members) (group.isOpen ? frames : into).set(key, group.key);
  }
  const clients = gatherClients(
    view,
    into,
    groups.map(({ group }) => group),
  );
  const nodes = view.nodes
    .filter(({ key }) => !into.has(key))
    .map((node) => {
      const frame = frames.get(node.key);
      return frame === undefined ? node : { ...node, group: frame };
    });
  const closed = groups
    .filter(({ group }) => !group.isOpen)
    .map(({ group, members }) => closedNode(group, members, view.windowSeconds));
  const edges = mergeEdges(view, (key) => into.get(key) ?? key);
  return { ...view, nodes: [...nodes, ...clients, ...closed], edges, groups: groups.map(({ group }) => group) };
}

/** The key of what stands on the map for a service: itself, or the closed group that it is in. */
export function standInFor(view: MapView, key: string): string {
  return view.groups.find(({ isOpen, members }) => !isOpen && members.includes(key))?.key ?? key;
}

/** How a map is gathered unless someone says otherwise. */
export interface Fitting {
  readonly by: Grouping;
  readonly areClosed: boolean;
}

/**
 * What makes a map readable: nothing while it is small, closed groups when it is large. Once that is decided it stays so
 * while the map grows and shrinks a little: a newcomer must not turn everything upside down.
 */
export function fitGrouping(view: MapView, before?: Fitting): Fitting | undefined {
  const services = countServices(view);
  if (services === 0) return undefined;
  const reach = before === undefined ? 1 : before.areClosed ? 0.8 : 1.2;
  const areClosed = services > mostUngrouped * reach;
  if (before?.areClosed === areClosed) return before;
  return { by: areClosed ? chooseGrouping(view) : "none", areClosed };
}

/** Services, and all that services call; clients are none. */
function countServices(view: MapView): number {
  return view.nodes.filter(({ kind }) => kind !== "client").length;
}

/** The first grouping that leaves a map which can be taken in at a glance. */
function chooseGrouping(view: MapView): Grouping {
  const services = countServices(view);
  const isReadable = (by: Grouping): boolean => {
    const groups = gather(view, labelGroups(view, by)).map(([, , members]) => members.length);
    const left = services - groups.reduce((sum, size) => sum + size, 0) + groups.length;
    return left >= 4 && left <= 60 && Math.max(0, ...groups) <= services * 0.6;
  };
  return (["account", "name"] as const).find(isReadable) ?? "hub";
}

function gather(view: MapView, labels: ReadonlyMap<string, string>): [string, string, MapNode[]][] {
  const byLabel = new Map<string, MapNode[]>();
  for (const node of view.nodes) {
    const label = labels.get(node.key);
    if (label === undefined) continue;
    const members = byLabel.get(label);
    if (members === undefined) byLabel.set(label, [node]);
    else members.push(node);
  }
  return [...byLabel]
    .filter(([, members]) => members.length > 1)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([label, members]) => [`group:${label}`, label, members]);
}

/** Clients that call nothing but services of one closed group are one client: its edges are merged with the group's. */
function gatherClients(view: MapView, into: Map<string, string>, groups: readonly MapGroup[]): MapNode[] {
  const labels = new Map(groups.map(({ key, label }) => [key, label]));
  const gathered = new Map<string, MapNode>();
  for (const client of view.nodes.filter(({ kind }) => kind === "client")) {
    const called = new Set(view.edges.filter(({ from }) => from === client.key).map(({ to }) => into.get(to)));
    const [group] = called;
    if (called.size !== 1 || group === undefined) continue;
    const key = `client of ${group}`;
    into.set(client.key, key);
    gathered.set(key, { ...client, key, id: { name: labels.get(group)!, type: "client" } });
  }
  return [...gathered.values()];
}

function closedNode({ key, label, members }: MapGroup, nodes: readonly MapNode[], windowSeconds: number): MapNode {
  const figures = nodes.flatMap((node) => node.figures ?? []);
  return {
    key,
    id: { name: label },
    kind: "group",
    isRoot: nodes.some(({ isRoot }) => isRoot),
    isInferred: false,
    ...(figures.length > 0 && { figures: sumFigures(figures, windowSeconds) }),
    // A newcomer makes its group a changed one.
    change: nodes.every(({ change }) => change === "same") ? "same" : "changed",
    members: members.length,
  };
}

/** Calls between the same two ends are one; those that stay within a closed group are not seen. */
function mergeEdges(view: MapView, endOf: (key: string) => string): MapEdge[] {
  const merged = new Map<string, MapEdge[]>();
  for (const edge of view.edges) {
    const [from, to] = [endOf(edge.from), endOf(edge.to)];
    if (from === to && (from !== edge.from || to !== edge.to)) continue;
    const key = edgeKey(from, to, edge.isLink);
    const same = merged.get(key);
    if (same === undefined) merged.set(key, [edge]);
    else same.push(edge);
  }
  return [...merged].map(([key, edges]) => {
    const first = edges[0]!;
    const [from, to] = [endOf(first.from), endOf(first.to)];
    if (edges.length === 1 && key === first.key) return first;
    return {
      key,
      from,
      to,
      isLink: first.isLink,
      figures: sumFigures(
        edges.map(({ figures }) => figures),
        view.windowSeconds,
      ),
      aliases: [],
      change: edges.every(({ change }) => change === "same") ? "same" : "changed",
    };
  });
}
