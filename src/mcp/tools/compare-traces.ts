import { type ComparedRow, compareTraces as compare } from "../../analysis/compare-traces.ts";
import { spanTree } from "../../analysis/span-tree.ts";
import { compareLink } from "../../ask/console-links.ts";
import { pageOf } from "../answer-page.ts";
import { cursorSchema, limitSchema, traceIdSchema, traceOf } from "../common-arguments.ts";
import { numberOf, type Tool, textOf } from "../tool.ts";

/** `compare_traces`: where the difference between two traces comes from. */
export const compareTraces: Tool = {
  name: "compare_traces",
  title: "Compare two traces",
  description:
    "Two traces side by side, matched row by row: how much longer B took than A, and the rows whose own time differs, the greatest difference first, with what only one of them did. Use it for a slow trace (B) against a quick one (A), or for before and after a change.",
  isReadOnly: true,
  inputSchema: {
    type: "object",
    properties: { a: traceIdSchema, b: traceIdSchema, limit: limitSchema(30, 200), cursor: cursorSchema },
    required: ["a", "b"],
  },
  async run(given, surroundings) {
    const [a, b] = await Promise.all([traceOf(given, "a", surroundings), traceOf(given, "b", surroundings)]);
    const { rows, ranking, aSeconds, bSeconds, deltaSeconds } = compare(spanTree(a.trace), spanTree(b.trace));
    const differing = ranking.map((index) => describe(rows[index]!));
    const { items, nextCursor } = pageOf(differing, textOf(given, "cursor"), numberOf(given, "limit", 30));
    return {
      aMs: aSeconds * 1_000,
      bMs: bSeconds * 1_000,
      deltaMs: deltaSeconds * 1_000,
      onlyInA: rows.filter((row) => row.b === undefined).length,
      onlyInB: rows.filter((row) => row.a === undefined).length,
      differences: items,
      nextCursor,
      link: compareLink(surroundings.server, a.trace.id, b.trace.id),
    };
  },
};

function describe({ service, name, detail, a, b, selfDeltaSeconds, deltaSeconds }: ComparedRow): object {
  const side = (each: ComparedRow["a"]): object | undefined =>
    each && {
      ms: each.seconds === undefined ? undefined : each.seconds * 1_000,
      selfMs: each.selfSeconds * 1_000,
      state: each.state === "ok" ? undefined : each.state,
    };
  return {
    service,
    name,
    operation: detail === "" ? undefined : detail,
    ...(a === undefined ? { onlyIn: "B" } : b === undefined && { onlyIn: "A" }),
    a: side(a),
    b: side(b),
    deltaMs: deltaSeconds * 1_000,
    selfDeltaMs: selfDeltaSeconds * 1_000,
  };
}
