import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aWireSegment, aWireSubsegment, parsed, type Wire } from "../../test/fixtures/builders.ts";
import { assembleTrace } from "../trace/assemble-trace.ts";
import { type Comparison, compareTraces } from "./compare-traces.ts";
import { type SpanTree, spanTree } from "./span-tree.ts";

const at = 1_700_000_000;

/** A segment of so many milliseconds with subsegments, each by name, start and length in milliseconds. */
function treeOf(
  lengthMs: number,
  ...steps: readonly (readonly [name: string, fromMs: number, ms: number, more?: Wire])[]
) {
  const subsegments = steps.map(([name, from, ms, more]) =>
    aWireSubsegment({ name, start_time: at + from / 1000, end_time: at + (from + ms) / 1000, ...more }),
  );
  const segment = aWireSegment({ name: "shop", start_time: at, end_time: at + lengthMs / 1000, subsegments });
  return treeOfDocuments(segment);
}

function treeOfDocuments(...documents: readonly Wire[]): SpanTree {
  const segments = parsed(...documents.map((document) => JSON.stringify(document)));
  return spanTree(assembleTrace(segments[0]!.traceId, segments));
}

const ms = (seconds: number): number => Math.round(seconds * 1000);
const shape = ({ rows }: Comparison): string[] =>
  rows.map(({ depth, name, a, b }) => `${"  ".repeat(depth)}${name} ${a ? "A" : "-"}${b ? "B" : "-"}`);

describe("compareTraces", () => {
  it("puts what both traces did side by side, and what only one did where it happened", () => {
    const a = treeOf(100, ["check", 0, 20], ["load", 30, 40], ["old", 80, 5]);
    const b = treeOf(150, ["check", 0, 20], ["cache", 22, 5], ["load", 30, 90]);
    const comparison = compareTraces(a, b);
    expect(shape(comparison)).toEqual(["shop AB", "  check AB", "  cache -B", "  load AB", "  old A-"]);
    expect(comparison.rows.map(({ deltaSeconds }) => ms(deltaSeconds))).toEqual([50, 0, 5, 50, -5]);
    expect(ms(comparison.deltaSeconds)).toBe(50);
  });

  it("ranks rows by their own time, since a row that waits is not to blame", () => {
    const a = treeOf(100, ["load", 30, 40]);
    const b = treeOf(160, ["load", 30, 90]);
    const { rows, ranking } = compareTraces(a, b);
    expect(ranking.map((row) => [rows[row]!.name, ms(rows[row]!.selfDeltaSeconds)])).toEqual([
      ["load", 50],
      ["shop", 10],
    ]);
  });

  it("matches repeated calls in their order, the same statement before the same name", () => {
    const sql = (text: string): Wire => ({ namespace: "remote", sql: { sanitized_query: text } });
    const a = treeOf(
      100,
      ["db", 0, 10, sql("SELECT 1")],
      ["db", 20, 10, sql("SELECT 2")],
      ["db", 40, 10, sql("SELECT 3")],
    );
    const b = treeOf(100, ["db", 0, 30, sql("SELECT 2")], ["db", 40, 10, sql("SELECT 4")]);
    const { rows } = compareTraces(a, b);
    expect(rows.slice(1).map(({ a: inA, b: inB, detail }) => [inA?.row, inB?.row, detail])).toEqual([
      [1, 2, "SELECT 4"],
      [2, 1, "SELECT 2"],
      [3, undefined, "SELECT 3"],
    ]);
  });

  it("shows a subtree that only one has with all that is in it", () => {
    const step = aWireSubsegment({ name: "inner", start_time: at + 0.3, end_time: at + 0.4 });
    const a = treeOf(1_000, ["outer", 200, 400, { subsegments: [step] }]);
    expect(shape(compareTraces(a, treeOf(500)))).toEqual(["shop AB", "  outer A-", "    inner A-"]);
    expect(compareTraces(a, treeOf(500)).rows.map(({ size }) => size)).toEqual([3, 2, 1]);
  });

  it("has no duration for what still runs", () => {
    const running = treeOfDocuments(aWireSegment({ in_progress: true, start_time: at }));
    const { rows } = compareTraces(running, treeOf(10));
    expect(rows[0]!.a?.seconds).toBeUndefined();
    expect(ms(rows[0]!.b!.seconds!)).toBe(10);
  });

  it("loses no row of either, and finds no difference in a trace and itself", () => {
    const steps = fc.array(
      fc.tuple(fc.constantFrom("a", "b", "c"), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 50 })),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(steps, steps, (one, other) => {
        const [a, b] = [treeOf(100, ...one), treeOf(100, ...other)];
        const { rows } = compareTraces(a, b);
        const rowsOf = (side: "a" | "b"): number[] => rows.flatMap((row) => row[side]?.row ?? []).sort((x, y) => x - y);
        expect(rowsOf("a")).toEqual(a.rows.map(({ index }) => index));
        expect(rowsOf("b")).toEqual(b.rows.map(({ index }) => index));
        const same = compareTraces(a, a);
        expect(same.ranking).toEqual([]);
        expect(same.rows.every((row) => row.a?.row === row.b?.row)).toBe(true);
      }),
    );
  });

  it("stands a chain of calls that is deeper than the engine's own stack", () => {
    const documents = [aWireSegment({ start_time: at })];
    for (let depth = 0; depth < 12_000; depth += 1) {
      documents.push(aWireSegment({ name: `at ${depth}`, start_time: at, parent_id: documents.at(-1)!.id }));
    }
    const tree = treeOfDocuments(...documents);
    expect(compareTraces(tree, tree).rows.at(-1)).toMatchObject({ name: "at 11999", depth: 12_000 });
  });
});
