import { describe, expect, it } from "vitest";
import { mermaidFlowchart } from "./mermaid-flowchart.ts";

describe("mermaidFlowchart", () => {
  it("draws nodes by their kind, calls with their labels and links dashed", () => {
    const text = mermaidFlowchart({
      nodes: [
        { name: "Client of web", shape: "client" },
        { name: "web", lines: ["p95 41 ms"], shape: "service", state: "fault" },
        { name: "orders", shape: "database" },
      ],
      edges: [
        { from: 0, to: 1 },
        { from: 1, to: 2, label: "p95 3 ms", isLink: true },
      ],
    });
    expect(text).toBe(
      [
        "flowchart LR",
        '  n0(["Client of web"])',
        '  n1["web<br/>p95 41 ms"]:::fault',
        '  n2[("orders")]',
        "  n0 --> n1",
        '  n1 -.->|"p95 3 ms"| n2',
        "  classDef fault stroke:#c62b34,stroke-width:2px",
        "",
      ].join("\n"),
    );
  });

  it.each([
    '"] --> evil["',
    "<img src=x onerror=alert(1)>",
    "a\nn9[x]",
    "%%{init}%%",
    "#quot;",
    "`md`",
    "a|b",
    "click n0",
  ])("lets the name %j be nothing but text", (name) => {
    const [, node, ...rest] = mermaidFlowchart({ nodes: [{ name, shape: "service" }], edges: [] }).split("\n");
    expect(rest).toEqual([""]);
    expect(node).toMatch(/^ {2}n0\["[\p{L}\p{N} .,/_?=%…×–#;-]*"\]$/u);
    const read = node!.slice(6, -2).replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
    expect(read).toBe(name.replaceAll("\n", " "));
  });

  it("gives a node without a name room all the same", () => {
    expect(mermaidFlowchart({ nodes: [{ name: "", shape: "service" }], edges: [] })).toContain('n0["#8203;"]');
  });
});
