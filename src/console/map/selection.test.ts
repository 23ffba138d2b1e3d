import { expect, it } from "vitest";
import { edgeText, serviceText } from "../address/selector-text.ts";
import { edgeKey, type MapEdge, type MapNode, type MapView, nodeKey } from "./map-view.ts";
import { nodeKind } from "./node-kind.ts";
import { findSelected, selectedOf, selectorOf } from "./selection.ts";

const ids = [{ name: "web", type: "client" }, { name: "web" }, { name: "db", type: "Database::SQL" }];
const [client, web, db] = ids.map((id) => nodeKey(id)) as [string, string, string];
const figures = {} as MapEdge["figures"];
const map: MapView = {
  nodes: ids.map(
    (id): MapNode => ({
      ...{ key: nodeKey(id), id, kind: nodeKind(id) },
      ...{ isRoot: false, isInferred: false, change: "same" },
    }),
  ),
  edges: [
    [client, web],
    [web, db],
  ].map(
    ([from, to]): MapEdge => ({
      ...{ key: edgeKey(from!, to!), from: from!, to: to! },
      ...{ isLink: false, figures, aliases: [], change: "same" },
    }),
  ),
  groups: [],
  windowSeconds: 60,
  revision: 1,
};

it("a selection is written into the address and found again", () => {
  for (const key of [client, web, db, edgeKey(client, web), edgeKey(web, db)]) {
    const selected = selectedOf(map, key)!;
    expect(findSelected(map, selectorOf(selected))).toEqual(selected);
  }
});

it("whoever only says the name means the service, not its client", () => {
  expect(findSelected(map, 'service("web")')).toEqual(selectedOf(map, web));
  expect(findSelected(map, 'edge("web", "db")')).toEqual(selectedOf(map, edgeKey(web, db)));
});

it("what is not on the map, or makes no sense, selects nothing", () => {
  expect(findSelected(map, serviceText({ name: "gone" }))).toBeUndefined();
  expect(findSelected(map, edgeText({ name: "db" }, { name: "web" }))).toBeUndefined();
  expect(findSelected(map, "service(")).toBeUndefined();
  expect(findSelected(map, undefined)).toBeUndefined();
});
