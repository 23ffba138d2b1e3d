import type { ServiceGraph, Statistics } from "../graph/service-graph.ts";
import { mermaidFlowchart } from "./mermaid-flowchart.ts";
import { durationText } from "./plain-text.ts";

/** What of a graph is drawn. */
export interface DrawnGraph {
  readonly nodes: readonly (Pick<ServiceGraph["nodes"][number], "name" | "isClient" | "statistics"> & {
    readonly edges: readonly { readonly to: number; readonly statistics: Statistics }[];
  })[];
}

/** A service graph as a Mermaid flowchart, from left to right, with calls, mean time and failures on the edges. */
export function mermaidMap({ nodes }: DrawnGraph): string {
  return mermaidFlowchart({
    nodes: nodes.map(({ name, isClient, statistics }) => ({
      name,
      shape: isClient ? "client" : "service",
      ...(statistics.fault > 0 && { state: "fault" }),
    })),
    edges: nodes.flatMap(({ edges }, from) =>
      edges.map(({ to, statistics }) => ({ from, to, label: figures(statistics) })),
    ),
  });
}

function figures({ total, totalSeconds, fault }: Statistics): string {
  const mean = total === 0 ? "" : `, ${durationText(totalSeconds / total)}`;
  return `${total} ${total === 1 ? "call" : "calls"}${mean}${fault > 0 ? `, ${fault} failed` : ""}`;
}
