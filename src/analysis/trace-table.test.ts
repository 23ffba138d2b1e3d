import { expect, it } from "vitest";
import { aStep, aTree } from "../../test/fixtures/a-tree.ts";
import { traceTable } from "./trace-table.ts";

it("the table adds up rows of one service and operation, ids aside", () => {
  const query = (at: number, seconds: number, more = {}) =>
    aStep("db", at, at + seconds, [], { sql: { sanitized_query: `SELECT ${at * 10}` }, ...more });
  const tree = aTree(10, [query(1, 1), query(3, 2), query(6, 3, { fault: true })]);
  const [db, shop, ...others] = traceTable(tree);
  expect(others).toEqual([]);
  expect(shop).toMatchObject({ service: "shop", name: "shop", count: 1, totalSeconds: 10, selfSeconds: 4 });
  expect(db).toMatchObject({ name: "db", operation: "SELECT #", count: 3, totalSeconds: 6, selfSeconds: 6, faults: 1 });
  expect([db!.p50Seconds, db!.p95Seconds, db!.maxSeconds, db!.slowest]).toEqual([2, 3, 3, 3]);
});
