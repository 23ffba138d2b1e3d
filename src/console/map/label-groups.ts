import { gatherAroundHubs } from "./gather-around-hubs.ts";
import type { Grouping } from "./map-choices.ts";
import type { MapNode, MapView } from "./map-view.ts";
import { typeLabel } from "./node-kind.ts";

/** By key of a node the name of its group. Who has none stands for itself, and so do clients. */
export function labelGroups(view: MapView, by: Grouping): ReadonlyMap<string, string> {
  if (by === "hub") return gatherAroundHubs(view);
  const labels = new Map<string, string>();
  for (const node of view.nodes) {
    const label = node.kind === "client" ? undefined : labelOf(node, by);
    if (label !== undefined) labels.set(node.key, label);
  }
  return labels;
}

function labelOf(node: MapNode, by: Exclude<Grouping, "hub">): string | undefined {
  switch (by) {
    case "none":
      return undefined;
    case "name":
      return nameStem(node.id.name);
    case "type":
      return typeLabel(node.id);
    case "account":
      return node.id.accountId;
    case "environment":
      return node.part;
  }
}

/** What names begin with when a system has many services: `billing` of `billing-api` and of `billing.ledger`. */
function nameStem(name: string): string | undefined {
  return /^([^-._/: ]+)[-._/: ]/.exec(name)?.[1];
}
