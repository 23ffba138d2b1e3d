import { expect, it } from "vitest";
import { findItems, type PaletteItem, typedTrace } from "./palette-items.ts";

const items: readonly PaletteItem[] = [
  { id: "map", label: "Map", kind: "page" },
  { id: "rules", label: "Sampling rules", kind: "settings", also: "simulator" },
  { id: "roadmap", label: "roadmap-api", kind: "service" },
  { id: "theme", label: "Dark theme", kind: "action" },
];
const found = (text: string): string[] => findItems(items, text).map(({ id }) => id);

it("what begins with the text comes before what holds it, and before what it only has to do with", () => {
  expect(found("map")).toEqual(["map", "roadmap"]);
  expect(found("rul")).toEqual(["rules"]);
  expect(found("simul")).toEqual(["rules"]);
});

it("every word must be found", () => {
  expect(found("theme dark")).toEqual(["theme"]);
  expect(found("theme light")).toEqual([]);
  expect(found("")).toHaveLength(4);
});

it("the id of a trace is known as one", () => {
  expect(typedTrace(" 1-5759e988-bd862e3fe1be46a994272793 ")).toBe("1-5759e988-bd862e3fe1be46a994272793");
  expect(typedTrace("orders")).toBeUndefined();
});
