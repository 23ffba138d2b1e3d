import { mermaidText } from "./mermaid-text.ts";

/** A map as Mermaid draws it: nodes by number, calls between them. */
export interface MermaidMap {
  readonly nodes: readonly MermaidNode[];
  readonly edges: readonly MermaidEdge[];
}

export interface MermaidNode {
  readonly name: string;
  /** Further lines below the name. */
  readonly lines?: readonly string[];
  readonly shape: "service" | "client" | "database" | "group";
  /** The worst that happened there. */
  readonly state?: "error" | "throttle" | "fault";
}

interface MermaidEdge {
  /** Indexes into `nodes`. */
  readonly from: number;
  readonly to: number;
  readonly label?: string;
  /** No call, but a reference to the work that caused it. */
  readonly isLink?: boolean;
}

const shapes: Readonly<Record<MermaidNode["shape"], readonly [open: string, close: string]>> = {
  service: ["[", "]"],
  client: ["([", "])"],
  database: ["[(", ")]"],
  group: ["[[", "]]"],
};

/**
 * A service map as a Mermaid flowchart, for a README, a ticket or an answer. Names come from traces, which anyone may send:
 * they stay text, whatever they look like.
 *
 * @example mermaidFlowchart({ nodes: [{ name: "web", shape: "service" }], edges: [] })
 */
export function mermaidFlowchart({ nodes, edges }: MermaidMap): string {
  const lines = ["flowchart LR"];
  nodes.forEach(({ name, lines: more = [], shape, state }, index) => {
    const [open, close] = shapes[shape];
    const label = [name, ...more].map((each) => labelText(each)).join("<br/>");
    lines.push(`  n${index}${open}"${label}"${close}${state === undefined ? "" : `:::${state}`}`);
  });
  for (const { from, to, label, isLink = false } of edges) {
    const arrow = isLink ? "-.->" : "-->";
    lines.push(`  n${from} ${arrow}${label === undefined ? "" : `|"${labelText(label)}"|`} n${to}`);
  }
  for (const [state, colour] of stateColours) {
    if (nodes.some((node) => node.state === state)) lines.push(`  classDef ${state} stroke:${colour},stroke-width:2px`);
  }
  return `${lines.join("\n")}\n`;
}

const stateColours: readonly (readonly [NonNullable<MermaidNode["state"]>, string])[] = [
  ["error", "#b06000"],
  ["throttle", "#7450c8"],
  ["fault", "#c62b34"],
];

/** A name of nothing would leave the node without one. */
function labelText(text: string): string {
  const label = mermaidText(text);
  return label.trim() === "" ? "#8203;" : label;
}
