import { describe, expect, it } from "vitest";
import { aMap, aNode } from "../../../test/fixtures/map-views.ts";
import { fitGrouping, groupMap, mostUngrouped, standInFor } from "./group-map.ts";
import { edgeKey, nodeKey } from "./map-view.ts";

const names = (view: { nodes: readonly { id: { name: string } }[] }): string[] => view.nodes.map(({ id }) => id.name);

/** A hundred and sixty services: hubs that call four others each. */
const large = aMap([
  "client:web>web",
  ...Array.from({ length: 160 }, (_, at) => `${at < 4 ? "web" : `s${Math.floor((at - 4) / 4)}`}>s${at}`),
]);

describe("a map of few services", () => {
  const view = aMap(["web>pay-api", "pay-api>pay-ledger", "pay-ledger>mail"]);

  it("is grouped by nothing unless someone says so", () => {
    expect(fitGrouping(view)).toEqual({ by: "none", areClosed: false });
    expect(groupMap(view, { by: "none", areClosed: false, turned: [] })).toBe(view);
  });

  it("keeps its services, in frames", () => {
    const grouped = groupMap(view, { by: "name", areClosed: false, turned: [] });
    expect(grouped.groups).toMatchObject([{ key: "group:pay", label: "pay", isOpen: true }]);
    expect(grouped.nodes.map(({ id, group }) => [id.name, group])).toEqual([
      ["web", undefined],
      ["pay-api", "group:pay"],
      ["pay-ledger", "group:pay"],
      ["mail", undefined],
    ]);
    expect(grouped.edges).toEqual(view.edges);
  });

  it("closes a group that is areClosed: false, turned: one node with all figures, and the calls to and from it", () => {
    const grouped = groupMap(view, { by: "name", areClosed: false, turned: ["group:pay"] });
    expect(names(grouped)).toEqual(["web", "mail", "pay"]);
    expect(grouped.nodes.at(-1)).toMatchObject({ kind: "group", members: 2, figures: { total: 20 } });
    const [web, mail] = ["web", "mail"].map((name) => nodeKey({ name })) as [string, string];
    expect(grouped.edges.map(({ key }) => key)).toEqual([edgeKey(web, "group:pay"), edgeKey("group:pay", mail)]);
    expect(standInFor(grouped, nodeKey({ name: "pay-api" }))).toBe("group:pay");
    expect(standInFor(grouped, web)).toBe(web);
  });

  it("is grouped by type, by account and by environment", () => {
    const typed = aMap(["a>b", "a>c"], { b: { accountId: "1" }, c: { accountId: "1" } });
    expect(groupMap(typed, { by: "account", areClosed: false, turned: [] }).groups).toMatchObject([
      { label: "1", members: { length: 2 } },
    ]);
    expect(groupMap(typed, { by: "type", areClosed: false, turned: [] }).groups).toMatchObject([{ label: "Service" }]);
    const parts = { ...typed, nodes: ["live", "live", "test"].map((part, at) => aNode({ name: `n${at}` }, { part })) };
    expect(groupMap({ ...parts, edges: [] }, { by: "environment", areClosed: false, turned: [] }).groups).toMatchObject(
      [{ label: "live" }],
    );
  });
});

describe("a map of many services", () => {
  it("is gathered around callers when names say nothing", () => {
    expect(large.nodes.length).toBeGreaterThan(mostUngrouped);
    expect(fitGrouping(large)).toEqual({ by: "hub", areClosed: true });
  });

  it("is closed until someone opens a group, and has no more calls than there are", () => {
    const grouped = groupMap(large, { by: "hub", areClosed: true, turned: [] });
    expect(grouped.groups.every(({ isOpen }) => !isOpen)).toBe(true);
    expect(grouped.nodes.length).toBeLessThanOrEqual(60);
    const members = grouped.groups.flatMap((group) => group.members);
    expect(new Set(members).size).toBe(members.length);
    const [first] = grouped.groups;
    const opened = groupMap(large, { by: "hub", areClosed: true, turned: [first!.key] });
    expect(opened.nodes.length).toBe(grouped.nodes.length - 1 + first!.members.length);
    const keys = new Set(opened.nodes.map(({ key }) => key));
    for (const { from, to } of opened.edges) expect(keys.has(from) && keys.has(to)).toBe(true);
  });

  it("is gathered the same way whatever the figures are", () => {
    const busier = {
      ...large,
      edges: large.edges.map((edge, at) => ({ ...edge, figures: { ...edge.figures, total: at } })),
    };
    expect(groupMap(busier, { by: "hub", areClosed: true, turned: [] }).groups).toEqual(
      groupMap(large, { by: "hub", areClosed: true, turned: [] }).groups,
    );
  });

  it("is grouped by the first part of names where that makes it readable", () => {
    const teams = ["pay", "ship", "mail", "shop", "user"];
    const named = aMap(Array.from({ length: 160 }, (_, at) => `gate>${teams[at % 5]}-${at}`));
    expect(fitGrouping(named)?.by).toBe("name");
  });

  it("has one client for those who call into one closed group alone", () => {
    const clients = aMap(["client:p-1>p-1", "client:p-2>p-2", "p-1>p-2", "client:q>q", "q>p-1"]);
    const grouped = groupMap(clients, { by: "name", areClosed: false, turned: ["group:p"] });
    expect(grouped.nodes.filter(({ kind }) => kind === "client").map(({ id }) => id.name)).toEqual(["q", "p"]);
  });

  it("stays as it is while some come and go", () => {
    const services = (count: number) => aMap(Array.from({ length: count - 1 }, (_, at) => `s0>s${at + 1}`));
    const open = fitGrouping(services(150))!;
    expect(fitGrouping(services(179), open)).toBe(open);
    const closed = fitGrouping(services(181), open)!;
    expect(closed.areClosed).toBe(true);
    expect(fitGrouping(services(125), closed)).toBe(closed);
    expect(fitGrouping(services(100), closed)).toEqual(open);
    expect(fitGrouping(aMap([]), closed)).toBeUndefined();
  });
});
