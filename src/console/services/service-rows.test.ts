import { expect, it } from "vitest";
import { figuresOf } from "../map/figures.ts";
import { emptyMap, type MapNode, type MapView } from "../map/map-view.ts";
import { seriesOf, serviceRows } from "./service-rows.ts";

function aNode(name: string, ok: number, fault: number, seconds: number): MapNode {
  const histogram = [{ seconds, count: ok + fault }];
  const counted = { ok, fault, error: 0, throttle: 0, totalSeconds: seconds * (ok + fault), histogram };
  return {
    key: name,
    id: { name },
    kind: "service",
    isRoot: false,
    isInferred: false,
    figures: figuresOf(counted, 60),
    change: "new",
  };
}

const view: MapView = {
  ...emptyMap,
  nodes: [aNode("web", 100, 0, 0.2), aNode("orders", 10, 10, 0.1), aNode("idle", 0, 0, 0), aNode("auth", 50, 1, 0.4)],
};
const names = (order: Parameters<typeof serviceRows>[1]): string[] => serviceRows(view, order).map(({ id }) => id.name);

it("what is highest comes first, names from A on, and what did nothing is left out", () => {
  expect(names("name")).toEqual(["auth", "orders", "web"]);
  expect(names("rate")).toEqual(["web", "auth", "orders"]);
  expect(names("fault")).toEqual(["orders", "auth", "web"]);
  expect(names("p95")).toEqual(["auth", "web", "orders"]);
});

it("a series is that of its service, whose type tells it from one of the same name", () => {
  const empty = { total: [], fault: [], error: [], p95: [] };
  const services = [
    { name: "orders", type: "AWS::Lambda", ...empty },
    { name: "orders", ...empty },
  ];
  expect(seriesOf(services, { name: "orders" })).toBe(services[1]);
  expect(seriesOf(services, { name: "orders", type: "AWS::Lambda" })).toBe(services[0]);
  expect(seriesOf(services, { name: "web" })).toBeUndefined();
});
