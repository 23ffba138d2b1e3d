import { describe, expect, it } from "vitest";
import { aMap } from "../../../test/fixtures/map-views.ts";
import { findServices, reachOf } from "./lit-parts.ts";
import { edgeKey, type MapView, nodeKey } from "./map-view.ts";

const view = aMap(["client:web>web", "web>a", "web>b", "a>db", "b>db", "db>disk", "disk>web"]);
const key = (name: string): string => nodeKey({ name });

function lit(map: MapView, keys: ReadonlySet<string>): string[] {
  return map.nodes.filter((node) => keys.has(node.key)).map(({ id, kind }) => (kind === "client" ? "client" : id.name));
}

describe("what a selection reaches", () => {
  it("is its callers and callees, one call or more away", () => {
    const chain = aMap(["one>two", "two>three", "three>four", "four>five", "two>side"]);
    expect(lit(chain, reachOf(chain, key("three"), 1))).toEqual(["two", "three", "four"]);
    expect(lit(chain, reachOf(chain, key("three"), 2))).toEqual(["one", "two", "three", "four", "five"]);
  });

  it("is never what only shares a caller", () => {
    expect(lit(view, reachOf(view, key("a"), 1))).toEqual(["web", "a", "db"]);
  });

  it("comes to an end where calls go in circles", () => {
    expect(lit(view, reachOf(view, key("a"), Number.POSITIVE_INFINITY)).length).toBe(view.nodes.length);
  });

  it("of a call is its two ends, and from two calls on what is around them", () => {
    const edge = edgeKey(key("a"), key("db"));
    expect(lit(view, reachOf(view, edge, 1))).toEqual(["a", "db"]);
    expect(lit(view, reachOf(view, edge, 2))).toEqual(["web", "a", "db", "disk"]);
  });
});

it("services are found by part of their name, whatever its case, with the calls among them", () => {
  const found = findServices(view, " D");
  expect(lit(view, found)).toEqual(["db", "disk"]);
  expect(found.has(edgeKey(key("db"), key("disk")))).toBe(true);
  expect(findServices(view, "nobody").size).toBe(0);
});
