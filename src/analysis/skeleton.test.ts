import { describe, expect, it } from "vitest";
import { aStep, aTree, treeOf } from "../../test/fixtures/a-tree.ts";
import { anId, aTraceId, aWireSegment, aWireSubsegment } from "../../test/fixtures/builders.ts";
import { decodeSkeleton, encodeSkeleton } from "./skeleton.ts";
import { skeletonOf } from "./skeleton-of.ts";

const call = anId();
const http = { request: { method: "GET", url: "http://shop/cart?id=1" }, response: { status: 502 } };
const tree = treeOf(
  aWireSegment({
    ...{ http, fault: true },
    subsegments: [
      aWireSubsegment({ id: call, name: "Ünïcode ☂ <img src=x>", namespace: "remote" }),
      aWireSubsegment({ name: "runs", in_progress: true, end_time: undefined }),
    ],
  }),
  aWireSegment({ name: "pay", parent_id: call, start_time: 1_700_000_000.1, end_time: 1_700_000_003 }),
);

describe("a skeleton", () => {
  it("comes out as it went in", () => {
    const skeleton = skeletonOf(tree, { id: aTraceId, revision: 3 });
    const { ids, ...read } = decodeSkeleton(encodeSkeleton(skeleton))!;
    const { ids: sent, ...expected } = skeleton;
    expect(read).toEqual(expected);
    expect(tree.rows.map((row) => ids.at(row.index))).toEqual(tree.rows.map((row) => sent.at(row.index)));
    expect(ids.rowOf(call)).toBe(tree.rows.findIndex((row) => row.segment.id === call));
    expect(ids.rowOf("ffffffffffffffff")).toBe(-1);
  });

  it("says what the trace is about", () => {
    const { words } = skeletonOf(tree, { id: aTraceId, revision: 1 });
    expect(words).toEqual({
      ...{ method: "GET", title: "http://shop/cart?id=1", status: 502 },
      ...{ state: "fault", service: "shop" },
    });
  });

  it("has 34 bytes a row beside the texts, each of which is said once", () => {
    const steps = (count: number) =>
      aTree(
        2,
        Array.from({ length: count }, (_, at) => aStep("stock", at / 1e4, 1)),
      );
    const size = (count: number): number =>
      encodeSkeleton(skeletonOf(steps(count), { id: aTraceId, revision: 1 })).length;
    expect(Math.abs(size(2_000) - size(1_000) - 34_000)).toBeLessThan(16);
  });

  it("is not read from bytes that are cut off or something else", () => {
    const bytes = encodeSkeleton(skeletonOf(tree, { id: aTraceId, revision: 3 }));
    expect(decodeSkeleton(bytes.slice(0, bytes.length - 1))).toBeUndefined();
    expect(decodeSkeleton(bytes.slice(0, 2))).toBeUndefined();
    expect(decodeSkeleton(new Uint8Array([255, 255, 255, 255]))).toBeUndefined();
  });
});
