import { describe, expect, it } from "vitest";
import { parseFilter } from "../../filter/parser.ts";
import { clauseOf, operationConditions } from "./clause-of.ts";
import type { MapNode } from "./map-view.ts";

const node: MapNode = {
  ...{ key: "orders", id: { name: 'or"ders' }, kind: "service" },
  ...{ isRoot: false, isInferred: false, change: "same" },
};

describe("the traces of an operation", () => {
  it.each([
    ["GET /orders/{id}", ['http.method = "GET"', 'http.url CONTAINS "/orders/"']],
    ["POST /", ['http.method = "POST"']],
    ["/a/{id}/longer", ['http.url CONTAINS "/longer"']],
    ["DELETE", ['http.method = "DELETE"']],
    ["live", []],
    [undefined, []],
  ])("%s are found by %j", (part, conditions) => {
    expect(operationConditions(part)).toEqual(conditions);
  });
});

it("a clause can be read whatever the service is called", () => {
  const conditions = "responsetime >= 0.1";
  const clause = clauseOf({ kind: "node", node: { ...node, part: 'GET /"x"/{id}' } }, conditions);
  expect(clause).toContain(`AND ${conditions} }`);
  expect(parseFilter(clause).kind).toBe("service");
});
