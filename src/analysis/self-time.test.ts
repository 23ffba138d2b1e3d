import { expect, it } from "vitest";
import { aStep, aTree, rowOf } from "../../test/fixtures/a-tree.ts";
import { selfSeconds } from "./self-time.ts";
import type { SpanTree } from "./span-tree.ts";

const ownOf = (tree: SpanTree, name: string): number =>
  Math.round(selfSeconds(tree)[rowOf(tree, name)]! * 1_000) / 1_000;

it("a row's own time is what its children do not cover", () => {
  const tree = aTree(1, [aStep("cart", 0.1, 0.4, [aStep("price", 0.2, 0.3)]), aStep("pay", 0.6, 0.9)]);
  expect([ownOf(tree, "shop"), ownOf(tree, "cart"), ownOf(tree, "price")]).toEqual([0.4, 0.2, 0.1]);
});

it("children that run side by side cover their time once", () => {
  expect(ownOf(aTree(1, [aStep("a", 0.1, 0.6), aStep("b", 0.2, 0.8), aStep("c", 0.3, 0.4)]), "shop")).toBe(0.3);
});

it("what a child does before its parent begins or after it ends covers nothing", () => {
  expect(ownOf(aTree(1, [aStep("early", -0.5, 0.2), aStep("late", 0.9, 4)]), "shop")).toBe(0.7);
});
