import { describe, expect, it } from "vitest";
import { aTraceId, aWireSegment, aWireSubsegment } from "../../../test/fixtures/builders.ts";
import { spanTree } from "../../analysis/span-tree.ts";
import { readTrace } from "./read-trace.ts";
import { visibleRows } from "./visible-rows.ts";
import { type WaterfallAction, waterfallKey } from "./waterfall-keys.ts";

// shop > (cart > price), (pay > card)
const step = (name: string, at: number, ...subsegments: object[]) =>
  aWireSubsegment({ name, start_time: 1_700_000_000 + at, subsegments });
const document = aWireSegment({
  subsegments: [step("cart", 0.1, step("price", 0.2)), step("pay", 0.5, step("card", 0.6))],
});
const tree = spanTree(readTrace({ id: aTraceId, documents: [JSON.stringify(document)] }));
const at = (name: string): number => tree.rows.findIndex((row) => row.segment.name === name);
const idOf = (name: string): string => tree.rows[at(name)]!.segment.id;

function press(key: string, from: string, ...folded: readonly string[]): WaterfallAction | undefined {
  const ids = new Set(folded.map(idOf));
  const visible = visibleRows(tree, ids);
  return waterfallKey(key, { tree, visible, active: at(from), isFolded: (id) => ids.has(id), page: 2 });
}

const go = (name: string): WaterfallAction => ({ kind: "go", index: at(name) });

describe("a key in the waterfall", () => {
  it("moves from row to row, page to page, and to the ends", () => {
    expect(press("ArrowDown", "cart")).toEqual(go("price"));
    expect(press("ArrowUp", "shop")).toEqual(go("shop"));
    expect(press("PageDown", "shop")).toEqual(go("price"));
    expect(press("PageUp", "card")).toEqual(go("price"));
    expect([press("Home", "pay"), press("End", "cart")]).toEqual([go("shop"), go("card")]);
  });

  it("does not stop at rows that are folded away", () => {
    expect(press("ArrowDown", "cart", "cart")).toEqual(go("pay"));
  });

  it("folds and unfolds, and then goes to the parent or into the children", () => {
    expect(press("ArrowLeft", "cart")).toEqual({ kind: "fold", ids: [idOf("cart")], isFolded: true });
    expect(press("ArrowLeft", "cart", "cart")).toEqual(go("shop"));
    expect(press("ArrowRight", "cart", "cart")).toEqual({ kind: "fold", ids: [idOf("cart")], isFolded: false });
    expect(press("ArrowRight", "cart")).toEqual(go("price"));
    expect(press("ArrowRight", "price")).toBeUndefined();
    expect(press("ArrowLeft", "price")).toEqual(go("cart"));
  });

  it("unfolds all siblings, and opens the row", () => {
    expect(press("*", "cart", "cart", "pay")).toEqual({
      kind: "fold",
      ids: [idOf("cart"), idOf("pay")],
      isFolded: false,
    });
    expect(press("Enter", "pay")).toEqual({ kind: "open", index: at("pay") });
    expect(press("x", "pay")).toBeUndefined();
  });
});
