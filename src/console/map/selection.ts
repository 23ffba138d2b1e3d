import { fitsNode, type NodeMatch } from "../../graph/node-match.ts";
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
  const find = (match: NodeMatch): MapNode | undefined => map.nodes.find((node) => fitsNode(match, node.id));
  if (selector.kind === "service") {
    const node = find(selector.node);
    return node && { kind: "node", node };
  }
  const from = find(selector.from);
  const to = find(selector.to);
  const edge = map.edges.find((each) => each.from === from?.key && each.to === to?.key);
  return edge && from && to && { kind: "edge", edge, from, to };
}

/** What stands for a key of the map. */
export function selectedOf(map: MapView, key: string): Selected | undefined {
  const byKey = (wanted: string): MapNode | undefined => map.nodes.find((node) => node.key === wanted);
  const node = byKey(key);
  if (node !== undefined) return { kind: "node", node };
  const edge = map.edges.find((each) => each.key === key);
  const [from, to] = edge === undefined ? [] : [byKey(edge.from), byKey(edge.to)];
  return edge && from && to && { kind: "edge", edge, from, to };
}
