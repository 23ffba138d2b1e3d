import { expect, it } from "vitest";
import { aMap } from "../../../test/fixtures/map-views.ts";
import { layoutMap } from "./layout-map.ts";
import { nodeKey } from "./map-view.ts";
import { layoutInput } from "./node-box.ts";
import { readingOrder, walkMap } from "./walk-map.ts";

const view = aMap(["web>orders", "web>users", "orders>db", "users>db"]);
const layout = layoutMap(layoutInput(view));
const walk = (from: string, direction: Parameters<typeof walkMap>[3]): string | undefined => {
  const key = walkMap(view, layout, nodeKey({ name: from }), direction);
  return view.nodes.find((node) => node.key === key)?.id.name;
};

it("arrows follow calls to the right and back to the left", () => {
  expect(["orders", "users"]).toContain(walk("web", "right"));
  expect(walk("orders", "right")).toBe("db");
  expect(walk("users", "left")).toBe("web");
  expect(walk("db", "right")).toBeUndefined();
});

it("arrows go up and down within a column", () => {
  const [upper, lower] = readingOrder(view, layout)
    .map((key) => view.nodes.find((node) => node.key === key)!.id.name)
    .filter((name) => name === "orders" || name === "users") as [string, string];
  expect(walk(upper, "down")).toBe(lower);
  expect(walk(lower, "up")).toBe(upper);
  expect(walk(upper, "up")).toBeUndefined();
});

it("Home and End lead to the first and the last in reading order", () => {
  expect(walk("users", "first")).toBe("web");
  expect(walk("users", "last")).toBe("db");
});
