import { describe, expect, it } from "vitest";
import { aStep, aTree, treeOf } from "../../test/fixtures/a-tree.ts";
import { anId, aTraceId, aWireSegment, aWireSubsegment } from "../../test/fixtures/builders.ts";
import { mermaidMap } from "./mermaid-map.ts";
import { mermaidSequence } from "./mermaid-sequence.ts";
import { writeLogfmt } from "./write-logfmt.ts";
import { writeMarkdown } from "./write-markdown.ts";

const hostile = '```\n# <img src=x onerror="alert(1)">; [x](javascript:1) \u001b[31m';
const call = anId();
const thrown = {
  exceptions: [{ id: anId(), type: "Error", message: "a ``` b\n# c", stack: [{ path: "a.ts", line: 3, label: "f" }] }],
};
const tree = treeOf(
  aWireSegment({
    name: hostile,
    fault: true,
    annotations: { tier: "a b=c" },
    subsegments: [aWireSubsegment({ id: call, name: "pay", namespace: "remote", fault: true, cause: thrown })],
  }),
  aWireSegment({ name: "pay", parent_id: call, start_time: 1_700_000_000.3, end_time: 1_700_000_000.6, fault: true }),
);

describe("Markdown", () => {
  const text = writeMarkdown(tree, { traceId: aTraceId, link: "http://127.0.0.1:2000/trace/1" });

  it("tells what a trace is, where its time went, what failed, and its waterfall", () => {
    expect(text).toContain(`Trace \`${aTraceId}\` · 1 s · 3 spans · 2 services · started 2023-11-14T22:13:20.000Z`);
    expect(text).toContain("[Open in fluoroscope](<http://127.0.0.1:2000/trace/1>)");
    expect(text).toMatch(/\*\*Critical path:\*\* .*70 % \(700 ms\) · pay 30 % \(300 ms\)/);
    expect(text).toContain("    at f (a.ts:3)");
    expect(text).toContain("## Waterfall");
  });

  it("takes hostile names for text", () => {
    // Outside of the blocks every sign is escaped; the blocks have a fence that is in none of their lines.
    const [fence] = /`{4,}(?=text)/.exec(text)!;
    const outside = text.split(new RegExp(`${fence}(?:text)?\n`)).filter((_, at) => at % 2 === 0);
    expect(outside.join("")).not.toMatch(/(?<!\\)<img|(?<!\\)\[x\]|^# </m);
    expect(text).not.toContain("\u001b");
  });

  it("keeps the longest rows of a long trace, and says how many are left out", () => {
    const long = aTree(
      10,
      Array.from({ length: 300 }, (_, at) => aStep(`s${at}`, at / 100, at / 100 + at / 1_000)),
    );
    const short = writeMarkdown(long, { traceId: aTraceId, mostRows: 50 });
    expect(short).toContain("251 shorter spans are left out.");
    expect(short).toMatch(/ s299\n/);
    expect(short).not.toMatch(/ s100\n/);
  });
});

it("logfmt has one line a row, with values that end where they should", () => {
  const lines = writeLogfmt(tree, { traceId: aTraceId }).split("\n");
  expect(lines.length).toBe(4);
  expect(lines[0]).toContain('name="``` # <img src=x onerror=\\"alert(1)\\">; [x](javascript:1) ␛[31m"');
  expect(lines[0]).toContain('annotation.tier="a b=c"');
  expect(lines[0]).toContain("duration_ms=1000 self_ms=500 status=fault");
  expect(lines[1]).toContain(`id=${call} parent=${tree.rows[0]!.segment.id} kind=subsegment`);
  expect(lines[1]).toContain('exception="Error: a ``` b # c"');
});

describe("Mermaid", () => {
  it("draws who called whom, and how it went", () => {
    const lines = mermaidSequence(tree).split("\n");
    expect(lines[0]).toBe("sequenceDiagram");
    expect(lines.slice(3)).toEqual(["  s0->>s1: pay", "  s1--xs0: 300 ms", ""]);
  });

  it("draws repeated calls once", () => {
    const below = Array.from({ length: 6 }, (_, at) =>
      aStep("stock", at / 10, at / 10 + 0.05, [], { namespace: "remote" }),
    );
    expect(mermaidSequence(aTree(1, below))).toContain("s0->>s1: 6 × stock\n  s1-->>s0: 300 ms");
  });

  it("takes hostile names for text", () => {
    const drawn = mermaidSequence(tree);
    expect(drawn).not.toMatch(/<img|```|onerror="/);
    expect(drawn).toContain("#60;img src=x");
  });

  it("draws a graph with its figures", () => {
    const statistics = { ok: 3, error: 0, throttle: 0, fault: 1, total: 4, totalSeconds: 0.4, histogram: [] };
    const nodes = [
      { name: "client", isClient: true, statistics: { ...statistics, fault: 0 }, edges: [{ to: 1, statistics }] },
      { name: 'a"]; click', isClient: false, statistics, edges: [] },
    ];
    expect(mermaidMap({ nodes }).split("\n")).toEqual([
      "flowchart LR",
      '  n0(["client"])',
      '  n1["a#34;#93;#59; click"]:::fault',
      '  n0 -->|"4 calls, 100 ms, 1 failed"| n1',
      "  classDef fault stroke:#c62b34,stroke-width:2px",
      "",
    ]);
  });
});
