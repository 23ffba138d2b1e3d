import { fitsNode } from "../../graph/node-match.ts";
import { edgeText, readSelector, serviceText } from "../address/selector-text.ts";
import type { MapEdge, MapNode, MapView } from "./map-view.ts";

/** What is selected on the map. */
export type Selected =
  | { readonly kind: "node"; readonly node: MapNode }
  | { readonly kind: "edge"; readonly edge: MapEdge; readonly from: MapNode; readonly to: MapNode };

/** A selection in the words of filter expressions. */
export function selectorOf(selected: Selected): string {
  return selected.kind === "node" ? serviceText(selected.node.id) : edgeText(selected.from.id, selected.to.id);
}

/** Which operation or environment of the service, or of both ends of the call, is meant; `undefined` where there are none. */
export function partOf(selected: Selected): string | undefined {
  if (selected.kind === "node") return selected.node.part;
  const { from, to } = selected;
  return from.part === undefined && to.part === undefined ? undefined : `${from.part ?? ""} → ${to.part ?? ""}`;
}

/** The node or edge that an address selects; `undefined` while it is not on the map. */
export function findSelected(map: MapView, select: string | undefined, part?: string): Selected | undefined {
  const selector = select === undefined ? undefined : readSelector(select);
  if (selector === undefined) return undefined;
  if (selector.kind === "edge") {
    const ends = new Map(map.nodes.map((node) => [node.key, node]));
    const fitting = map.edges.flatMap((edge): Selected[] => {
      const [from, to] = [ends.get(edge.from), ends.get(edge.to)];
      const isMeant = from && to && fitsNode(selector.from, from.id) && fitsNode(selector.to, to.id);
      return isMeant ? [{ kind: "edge", edge, from, to }] : [];
    });
    return fitting.find((each) => partOf(each) === part) ?? fitting[0];
  }
  const fitting = map.nodes.filter((node) => node.members === undefined && fitsNode(selector.node, node.id));
  // A client has its service's name: who only says the name means the service.
  const services = fitting.filter(({ kind }) => kind !== "client");
  const node = services.find((each) => each.part === part) ?? services[0] ?? fitting[0];
  return node && { kind: "node", node };
}

/** What stands for a key of the map. */
export function selectedOf(map: MapView, key: string): Selected | undefined {
  const node = byKey(map, key);
  if (node !== undefined) return { kind: "node", node };
  const edge = map.edges.find((each) => each.key === key);
  const [from, to] = edge === undefined ? [] : [byKey(map, edge.from), byKey(map, edge.to)];
  return edge && from && to && { kind: "edge", edge, from, to };
}

function byKey(map: MapView, key: string): MapNode | undefined {
  return map.nodes.find((node) => node.key === key);
}
