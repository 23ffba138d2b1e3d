import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layoutMap } from "./layout-map.ts";
import { pinPlaces, readPins, writePins } from "./pin-places.ts";

const size = { width: 200, height: 70 };
const input = {
  nodes: ["a", "b", "c"].map((key) => ({ key, ...size, ...(key !== "a" && { group: "g" }) })),
  edges: [
    { key: "a>b", from: "a", to: "b" },
    { key: "b>c", from: "b", to: "c" },
  ],
};

describe("places by hand", () => {
  it("are where services stand and their calls begin; all else stays", () => {
    const layout = layoutMap(input);
    const pinned = pinPlaces(input, layout, new Map([["c", { x: 2_000, y: 900 }]]));
    expect(pinned.places.get("c")).toEqual({ x: 2_000, y: 900 });
    expect(pinned.places.get("b")).toEqual(layout.places.get("b"));
    expect(pinned.routes.get("b>c")!.at(-1)!.x).toBe(1_900);
    expect(pinned.routes.get("a>b")).toEqual(layout.routes.get("a>b"));
    expect(pinned.frames.get("g")!.right).toBeGreaterThan(2_100);
  });

  it("of services that are not on the map change nothing", () => {
    const layout = layoutMap(input);
    expect(pinPlaces(input, layout, new Map([["gone", { x: 0, y: 0 }]]))).toBe(layout);
  });

  it("survive any name in an address", () => {
    const pins = fc.array(fc.tuple(fc.string(), fc.record({ x: fc.integer(), y: fc.integer() })));
    fc.assert(
      fc.property(pins, (each) => {
        expect(readPins(writePins(new Map(each)))).toEqual(new Map(each));
      }),
    );
  });

  it.each(["", "[", "{}", '[["a",1]]', '[["a","x",2]]', "null", '[[1,2,3],null,"x"]'])("%j are none", (text) => {
    expect(readPins(text).size).toBe(0);
  });
});
