import type { ServiceGraph, Statistics } from "../graph/service-graph.ts";
import { mermaidText } from "./mermaid-text.ts";
import { durationText } from "./plain-text.ts";

/** What of a graph is drawn. */
export interface DrawnGraph {
  readonly nodes: readonly (Pick<ServiceGraph["nodes"][number], "name" | "isClient" | "statistics"> & {
    readonly edges: readonly { readonly to: number; readonly statistics: Statistics }[];
  })[];
}

/** A service graph as a Mermaid flowchart, from left to right, with calls, mean time and failures on the edges. */
export function mermaidMap({ nodes }: DrawnGraph): string {
  const lines = ["flowchart LR"];
  nodes.forEach(({ name, isClient, statistics }, at) => {
    const [left, right] = isClient ? ["([", "])"] : ["[", "]"];
    lines.push(`  n${at}${left}"${mermaidText(name)}"${right}${statistics.fault > 0 ? ":::fault" : ""}`);
  });
  nodes.forEach(({ edges }, from) => {
    for (const { to, statistics } of edges) lines.push(`  n${from} -->|"${mermaidText(figures(statistics))}"| n${to}`);
  });
  lines.push("  classDef fault stroke:#c62b34,stroke-width:2px");
  return `${lines.join("\n")}\n`;
}

function figures({ total, totalSeconds, fault }: Statistics): string {
  const mean = total === 0 ? "" : `, ${durationText(totalSeconds / total)}`;
  return `${total} ${total === 1 ? "call" : "calls"}${mean}${fault > 0 ? `, ${fault} failed` : ""}`;
}
