import { describe, expect, it } from "vitest";
import { aStep, aTree, treeOf } from "../../test/fixtures/a-tree.ts";
import { anId, aTraceId, aWireSegment, aWireSubsegment } from "../../test/fixtures/builders.ts";
import { criticalPath } from "./critical-path.ts";
import type { SpanTree } from "./span-tree.ts";

/** The path in words: who, from when to when in tenths of a second. */
function told(tree: SpanTree): string[] {
  const tenth = (seconds: number): number => Math.round((seconds - tree.startSeconds) * 10);
  return criticalPath(tree).stretches.map(
    ({ row, startSeconds, endSeconds }) =>
      `${tree.rows[row]!.segment.name} ${tenth(startSeconds)}-${tenth(endSeconds)}`,
  );
}

describe("the critical path", () => {
  it("gives each moment to the child that ended last before it, and the rest to the parent", () => {
    const tree = aTree(1, [aStep("cart", 0.1, 0.4), aStep("pay", 0.5, 0.9, [aStep("card", 0.6, 0.8)])]);
    expect(told(tree)).toEqual(["shop 0-1", "cart 1-4", "shop 4-5", "pay 5-6", "card 6-8", "pay 8-9", "shop 9-10"]);
  });

  it("leaves out what ran beside the one that was waited for", () => {
    expect(told(aTree(1, [aStep("long", 0, 1), aStep("beside", 0.2, 0.7)]))).toEqual(["long 0-10"]);
  });

  it("does not wait for a subsegment that goes on when its parent has ended", () => {
    expect(told(aTree(1, [aStep("render", 0.5, 0.9), aStep("audit", 0.8, 3)]))).toEqual([
      "shop 0-5",
      "render 5-9",
      "shop 9-10",
    ]);
  });

  it("cuts a segment that seems to end after its call, as clocks differ", () => {
    const call = anId();
    const callee = { name: "pay", parent_id: call, start_time: 1_700_000_000.3, end_time: 1_700_000_000.9 };
    const tree = treeOf(
      aWireSegment({ subsegments: [aStep("call", 0.2, 0.8, [], { id: call, namespace: "remote" })] }),
      aWireSegment(callee),
    );
    expect(told(tree)).toEqual(["shop 0-2", "call 2-3", "pay 3-8", "shop 8-10"]);
  });

  it("passes over orphans, as nobody knows what they belong to", () => {
    const orphan = aStep("orphan", 0, 5, [], { type: "subsegment", trace_id: aTraceId, parent_id: anId() });
    expect(told(treeOf(aWireSegment(), orphan))).toEqual(["shop 0-10"]);
    expect(told(treeOf(orphan))).toEqual(["orphan 0-50"]);
  });

  it("takes one call after the other though rounding lets them touch", () => {
    const touching = aTree(1, [aStep("a", 0, 0.5 + 2e-7), aStep("b", 0.5, 1)]);
    expect(told(touching)).toEqual(["a 0-5", "b 5-10"]);
  });

  it("gives nobody the time between two roots", () => {
    const [first, second] = [0, 5].map((at) =>
      aWireSegment({ name: `root ${at}`, start_time: 1_700_000_000 + at, end_time: 1_700_000_001 + at }),
    );
    expect(told(treeOf(first!, second!))).toEqual(["root 0 0-10", "root 5 50-60"]);
  });

  it("takes work in progress to last as long as the trace so far", () => {
    const running = aTree(1, [aStep("pay", 0.5, 0, [], { end_time: undefined, in_progress: true })]);
    expect(told(running)).toEqual(["shop 0-5", "pay 5-10"]);
  });

  it("asks the callee, not what the caller says of its own waiting", () => {
    const call = anId();
    const phases = [aStep("connect", 0, 0.1), aStep("wait", 0.1, 0.9), aStep("download", 0.9, 1)];
    const remote = aStep("pay", 0, 1, phases, { id: call, namespace: "remote" });
    const callee = {
      name: "till",
      trace_id: aTraceId,
      parent_id: call,
      start_time: 1_700_000_000.2,
      end_time: 1_700_000_000.8,
    };
    expect(told(treeOf(aWireSegment({ subsegments: [remote] }), aWireSegment(callee)))).toEqual([
      "pay 0-2",
      "till 2-8",
      "pay 8-10",
    ]);
    // Nobody else tells of it: then the phases do.
    expect(told(treeOf(aWireSegment({ subsegments: [remote] })))).toEqual(["connect 0-1", "wait 1-9", "download 9-10"]);
  });

  it("adds up by service, largest first, to the whole", () => {
    const call = anId();
    const tree = treeOf(
      aWireSegment({
        subsegments: [aWireSubsegment({ id: call, name: "pay", namespace: "remote" })],
      }),
      aWireSegment({
        name: "pay",
        trace_id: aTraceId,
        parent_id: call,
        start_time: 1_700_000_000.35,
        end_time: 1_700_000_000.75,
      }),
    );
    const { shares } = criticalPath(tree);
    expect(shares.map(({ service }) => service)).toEqual(["shop", "pay"]);
    expect(shares.map(({ share }) => Math.round(share * 100))).toEqual([60, 40]);
  });

  it("is empty for no rows", () => {
    expect(criticalPath(treeOf())).toEqual({ stretches: [], shares: [] });
  });

  it("stands a chain of ten thousand calls", () => {
    const ids = Array.from({ length: 10_000 }, () => anId());
    const chain = ids.map((id, at) => aWireSegment({ id, name: `s${at}`, ...(at > 0 && { parent_id: ids[at - 1] }) }));
    expect(criticalPath(treeOf(...chain)).stretches.map(({ row }) => row)).toEqual([9_999]);
  });
});
