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

/** The node or edge that an address selects; `undefined` while it is not on the map. */
export function findSelected(map: MapView, select: string | undefined): Selected | undefined {
  const selector = select === undefined ? undefined : readSelector(select);
  if (selector === undefined) return undefined;
  if (selector.kind === "edge") {
    const edge = map.edges.find((each) => {
      const [from, to] = [byKey(map, each.from), byKey(map, each.to)];
      return from && to && fitsNode(selector.from, from.id) && fitsNode(selector.to, to.id);
    });
    return edge && selectedOf(map, edge.key);
  }
  const fitting = map.nodes.filter((node) => fitsNode(selector.node, node.id));
  // A client has its service's name: who only says the name means the service.
  const node = fitting.find(({ kind }) => kind !== "client") ?? fitting[0];
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
