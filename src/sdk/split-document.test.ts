import fc from "fast-check";
import { expect, it } from "vitest";
import { splitDocument } from "./split-document.ts";

interface Small {
  readonly id: string;
  readonly name: string;
  readonly start_time: number;
  readonly subsegments?: readonly Small[];
}

const sized = (text: string) => Buffer.byteLength(text);

it("what fits is sent as it is", () => {
  const text = JSON.stringify({ id: "a", name: "ö".repeat(400), start_time: 1 });
  expect(splitDocument(text, 1_000)).toEqual([text]);
});

it("the largest subsegments leave first, and name their parent and trace", () => {
  const large = { id: "b", name: "large", start_time: 1, metadata: { default: { x: "x".repeat(900) } } };
  const small = { id: "c", name: "small", start_time: 1 };
  const document = { id: "a", name: "shop", trace_id: "t", start_time: 1, subsegments: [large, small] };
  const [segment, alone, ...rest] = splitDocument(JSON.stringify(document), 1_050).map((text) => JSON.parse(text));
  expect(segment).toEqual({ ...document, subsegments: [small] });
  expect(alone).toEqual({ ...large, type: "subsegment", trace_id: "t", parent_id: "a" });
  expect(rest).toEqual([]);
});

it("one that is too large alone is trimmed until it fits", () => {
  const exceptions = [{ id: "e", message: "bad", stack: Array.from({ length: 90 }, () => ({ path: "x".repeat(90) })) }];
  const document = { id: "a", name: "n", start_time: 1, fault: true, cause: { exceptions } };
  const [text] = splitDocument(JSON.stringify({ ...document, metadata: { default: "m".repeat(2_000) } }), 1_000);
  expect(JSON.parse(text!)).toMatchObject({ fault: true, cause: { exceptions: [{ message: "bad", stack: [] }] } });
  const [bare] = splitDocument(JSON.stringify({ ...document, annotations: { a: "x".repeat(2_000) } }), 1_000);
  expect(JSON.parse(bare!)).toEqual({ id: "a", name: "n", start_time: 1, fault: true });
});

it("nothing is lost and nothing is too large, whatever the tree", () => {
  const text = { id: fc.uuid(), name: fc.string({ maxLength: 200, unit: "grapheme" }), start_time: fc.integer() };
  const leaf: fc.Arbitrary<Small> = fc.record(text);
  const nested = (child: fc.Arbitrary<Small>): fc.Arbitrary<Small> =>
    fc.record({ ...text, subsegments: fc.array(fc.oneof(leaf, child), { maxLength: 6 }) });
  const tree = nested(nested(nested(leaf)));
  const ids = (node: Small): string[] => [node.id, ...(node.subsegments ?? []).flatMap(ids)];
  fc.assert(
    fc.property(tree, (root) => {
      const texts = splitDocument(JSON.stringify(root), 1_500);
      expect(Math.max(...texts.map(sized))).toBeLessThanOrEqual(1_500);
      expect(texts.flatMap((text) => ids(JSON.parse(text))).toSorted()).toEqual(ids(root).toSorted());
    }),
  );
});
