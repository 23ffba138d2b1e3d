import { expect, it } from "vitest";
import { treeOf } from "../../test/fixtures/a-tree.ts";
import { anId, aWireSegment, aWireSubsegment } from "../../test/fixtures/builders.ts";

it("segments that call each other in a circle are there, each once", () => {
  const [a, b] = [anId(), anId()];
  const calling = (id: string, name: string) => [aWireSubsegment({ id, name, namespace: "remote" })];
  const tree = treeOf(
    aWireSegment({ name: "alone" }),
    aWireSegment({ name: "one", parent_id: b, subsegments: calling(a, "two") }),
    aWireSegment({ name: "two", parent_id: a, subsegments: calling(b, "one") }),
  );
  expect(tree.rows.map(({ depth, kind, segment }) => `${depth} ${kind} ${segment.name}`)).toEqual([
    "0 segment alone",
    "0 segment one",
    "1 subsegment two",
    "2 segment two",
    "3 subsegment one",
  ]);
  expect(tree.sizes[1]).toBe(4);
});
