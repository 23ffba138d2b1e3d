import { describe, expect, it } from "vitest";
import { aStep, aTree, rowOf } from "../../../test/fixtures/a-tree.ts";
import { repeatedCalls } from "../../analysis/repeated-calls.ts";
import type { SpanTree } from "../../analysis/span-tree.ts";
import { entriesOf, groupOfRows, positionOf } from "./entries.ts";
import { filterRows } from "./filter-rows.ts";
import { type WaterfallAction, waterfallKey } from "./waterfall-keys.ts";

const stock = [0.3, 0.4, 0.5].map((at) => aStep("stock", at, at + 0.05, [aStep("read", at, at + 0.01)]));
// shop > (cart > price), three times (stock > read), (pay > card)
const tree = aTree(1, [
  aStep("cart", 0.1, 0.25, [aStep("price", 0.2, 0.22)]),
  ...stock,
  aStep("pay", 0.6, 0.9, [aStep("card", 0.7, 0.8, [], { fault: true })]),
]);

interface Look {
  readonly folded?: readonly string[];
  readonly isOpen?: boolean;
  readonly focus?: string;
  readonly passages?: Uint8Array | undefined;
}

function foldingOf(of: SpanTree, { folded = [], isOpen = false, focus, passages }: Look) {
  const groups = repeatedCalls(of);
  const groupOf = groupOfRows(of.count, groups);
  const rows = new Set(folded.map((name) => rowOf(of, name)));
  const how = { groups, groupOf, isFolded: (row: number) => rows.has(row), isOpen: () => isOpen };
  const entries = entriesOf(of, { ...how, passages, focus: focus === undefined ? -1 : rowOf(of, focus) });
  return { ...how, entries };
}

/** The lines that are seen; groups as their count and name. */
function seen(look: Look = {}): string[] {
  const { entries, groups } = foldingOf(tree, look);
  return [...entries].map((entry) => {
    const group = groups[-1 - entry];
    return group === undefined ? tree.rows[entry]!.segment.name : `${group.rows.length} ${group.name}`;
  });
}

describe("what is seen of a waterfall", () => {
  it("has one line for siblings that are alike", () => {
    expect(seen()).toEqual(["shop", "cart", "price", "3 stock", "pay", "card"]);
  });

  it("has the members of an open group below its line", () => {
    const members = ["stock", "read", "stock", "read", "stock", "read"];
    expect(seen({ isOpen: true })).toEqual(["shop", "cart", "price", "3 stock", ...members, "pay", "card"]);
  });

  it("leaves out what is below a folded row, and nothing else", () => {
    expect(seen({ folded: ["cart"] })).toEqual(["shop", "cart", "3 stock", "pay", "card"]);
    expect(seen({ folded: ["shop"] })).toEqual(["shop"]);
  });

  it("is one subtree, where one is looked at", () => {
    expect(seen({ focus: "pay" })).toEqual(["pay", "card"]);
  });

  it("has what passes a filter and all above it, and then no groups", () => {
    const failed = filterRows(tree, { minSeconds: 0, services: [], onlyFailed: true })!;
    expect(failed.passing).toBe(1);
    expect(seen({ passages: failed.passages })).toEqual(["shop", "pay", "card"]);
    const reads = tree.rows.filter(({ segment }) => segment.name === "read").map(({ index }) => index);
    const only = filterRows(tree, { minSeconds: 0, services: [], onlyFailed: false, only: reads })!;
    expect(seen({ passages: only.passages })).toEqual(["shop", "stock", "read", "stock", "read", "stock", "read"]);
    const long = filterRows(tree, { minSeconds: 0.12, services: ["shop"], onlyFailed: false })!;
    expect(seen({ passages: long.passages })).toEqual(["shop", "cart", "pay"]);
  });

  it("is everything for a filter that asks for nothing", () => {
    expect(filterRows(tree, { minSeconds: 0, services: [], onlyFailed: false })).toBeUndefined();
  });

  it("knows where a row is that is folded into another, or into its group", () => {
    const { entries, ...how } = foldingOf(tree, { folded: ["cart"] });
    const where = (name: string) => positionOf(entries, rowOf(tree, name), { ...how, parents: tree.parents });
    expect([where("price"), where("read"), where("card")]).toEqual([1, 2, 4]);
  });
});

/** What a key does, told by names. */
function press(key: string, from: string, look: Look = {}): string | undefined {
  const folding = foldingOf(tree, look);
  const entryOf = (name: string): number => (name === "3 stock" ? -1 : rowOf(tree, name));
  const nameOf = (entry: number): string => (entry < 0 ? "3 stock" : tree.rows[entry]!.segment.name);
  const action = waterfallKey(key, { trace: tree, folding, active: entryOf(from), page: 2 });
  return action && told(action, nameOf);
}

function told(action: WaterfallAction, nameOf: (entry: number) => string): string {
  switch (action.kind) {
    case "go":
      return `go ${nameOf(action.entry)}`;
    case "open":
      return `open ${nameOf(action.row)}`;
    case "fold":
      return `${action.isFolded ? "fold" : "unfold"} ${action.rows.map(nameOf).join(" ")}`;
    case "group":
      return action.isOpen ? "open group" : "close group";
  }
}

describe("a key in the waterfall", () => {
  it("moves from line to line, page to page, and to the ends", () => {
    expect([press("ArrowDown", "cart"), press("ArrowUp", "shop")]).toEqual(["go price", "go shop"]);
    expect([press("ArrowDown", "price"), press("ArrowDown", "3 stock")]).toEqual(["go 3 stock", "go pay"]);
    expect([press("PageDown", "shop"), press("PageUp", "card")]).toEqual(["go price", "go 3 stock"]);
    expect([press("Home", "pay"), press("End", "cart")]).toEqual(["go shop", "go card"]);
  });

  it("does not stop at rows that are folded away", () => {
    expect(press("ArrowDown", "cart", { folded: ["cart"] })).toBe("go 3 stock");
  });

  it("folds and unfolds, and then goes to the parent or into the children", () => {
    expect([press("ArrowLeft", "cart"), press("ArrowRight", "cart")]).toEqual(["fold cart", "go price"]);
    const folded = ["cart"];
    expect([press("ArrowLeft", "cart", { folded }), press("ArrowRight", "cart", { folded })]).toEqual([
      "go shop",
      "unfold cart",
    ]);
    expect([press("ArrowRight", "price"), press("ArrowLeft", "price")]).toEqual([undefined, "go cart"]);
  });

  it("opens and closes a group, and leads from its members back to it", () => {
    expect([press("ArrowRight", "3 stock"), press("Enter", "3 stock")]).toEqual(["open group", "open group"]);
    const open = { isOpen: true };
    expect([press("ArrowLeft", "3 stock", open), press("ArrowRight", "3 stock", open)]).toEqual([
      "close group",
      "go stock",
    ]);
    expect(press("ArrowUp", "stock", open)).toBe("go 3 stock");
    expect(press("ArrowLeft", "stock", { ...open, folded: ["stock"] })).toBe("go 3 stock");
  });

  it("unfolds all siblings, and opens the row", () => {
    expect(press("*", "cart", { folded: ["cart", "pay"] })).toMatch(/^unfold cart .*pay$/);
    expect([press("Enter", "pay"), press("x", "pay")]).toEqual(["open pay", undefined]);
  });
});
