import { describe, expect, it } from "vitest";
import { spanDetail } from "../../analysis/span-detail.ts";
import { type SpanTree, spanTree } from "../../analysis/span-tree.ts";
import { findDocument } from "../../analysis/find-document.ts";
import { TraceSearch } from "./find-in-trace.ts";
import { readTrace } from "./read-trace.ts";
import { ticks } from "./time-axis.ts";
import { foldableIds, idsAbove, visibleRows } from "./visible-rows.ts";

const traceId = "1-5759e988-bd862e3fe1be46a994272793";

interface Part {
  readonly id: string;
  readonly name: string;
  readonly start_time: number;
  readonly end_time?: number;
  readonly [member: string]: unknown;
}

const id = (number: number): string => number.toString(16).padStart(16, "0");

function treeOf(...parts: readonly Part[]): SpanTree {
  const documents = parts.map((part) => JSON.stringify({ trace_id: traceId, ...part }));
  return spanTree(readTrace({ id: traceId, documents }));
}

const shape = ({ rows }: SpanTree): string[] => rows.map((row) => `${"  ".repeat(row.depth)}${row.segment.name}`);

const call = { id: id(2), name: "orders", namespace: "remote", start_time: 1.1, end_time: 1.9 };
const query = {
  id: id(3),
  name: "shop@db",
  namespace: "remote",
  start_time: 1.2,
  end_time: 1.3,
  sql: { sanitized_query: "SELECT *\n  FROM orders" },
};
const web: Part = { id: id(1), name: "web", start_time: 1, end_time: 2, subsegments: [call] };
const orders: Part = {
  id: id(4),
  name: "orders",
  parent_id: id(2),
  start_time: 1.15,
  end_time: 1.85,
  subsegments: [query],
};

describe("spanTree", () => {
  it("puts a callee beneath the call that led to it", () => {
    const tree = treeOf(orders, web);
    expect(shape(tree)).toEqual(["web", "  orders", "    orders", "      shop@db"]);
    expect(tree.rows.map((row) => row.kind)).toEqual(["segment", "subsegment", "segment", "subsegment"]);
    expect(tree.rows.map((row) => row.size)).toEqual([4, 3, 2, 1]);
  });

  it("names the callee that sent nothing itself on the row of the call, not on one of its own", () => {
    const tree = treeOf(web, orders);
    expect(tree.rows.map((row) => row.inferred?.type)).toEqual([undefined, undefined, undefined, "Database::SQL"]);
    expect(tree.services).toEqual(["web", "orders", "shop@db"]);
  });

  it("orders siblings by their start, whatever their order in the document", () => {
    const [late, early] = [
      { id: id(5), name: "late", start_time: 1.6, end_time: 1.7 },
      { id: id(6), name: "early", start_time: 1.2, end_time: 1.3 },
    ];
    expect(shape(treeOf({ ...web, subsegments: [late, early] }))).toEqual(["web", "  early", "  late"]);
  });

  it("knows when work beneath a row goes on after the row has ended", () => {
    const tree = treeOf({ ...web, subsegments: [{ ...call, end_time: 3.5 }] });
    expect(tree.rows[0]!.lastEndSeconds).toBe(3.5);
    expect(tree.endSeconds).toBe(3.5);
  });

  it("shows subsegments whose segment has not arrived", () => {
    const orphan = { ...query, type: "subsegment", parent_id: id(9) };
    const tree = treeOf(web, orphan);
    expect(tree.rows.map((row) => [row.segment.name, row.isOrphan])).toEqual([
      ["web", false],
      ["orders", false],
      ["shop@db", true],
    ]);
    expect(tree.isPartial).toBe(true);
  });

  it("takes work in progress to start where it starts", () => {
    const tree = treeOf({ id: id(1), name: "web", start_time: 5, in_progress: true });
    expect([tree.startSeconds, tree.endSeconds, tree.isPartial]).toEqual([5, 5, true]);
  });

  it("leaves the API's own inferred segments out: they are inferred here again", () => {
    const inferred = { ...query, id: id(7), parent_id: id(3), inferred: true };
    expect(shape(treeOf(web, orders, inferred))).toEqual(shape(treeOf(web, orders)));
  });

  it("is empty for no documents", () => {
    expect(treeOf()).toMatchObject({ rows: [], services: [], startSeconds: 0, endSeconds: 0 });
  });

  it("stands a chain of ten thousand calls", () => {
    const chain = Array.from({ length: 10_000 }, (_, at) => ({
      ...{ id: id(at + 1), name: `s${at}`, start_time: 1, end_time: 2 },
      ...(at > 0 && { parent_id: id(at) }),
    }));
    expect(treeOf(...chain).rows.at(-1)!.depth).toBe(9_999);
  });
});

describe("folding", () => {
  const tree = treeOf(web, orders);

  it("hides all that is below a folded row, and nothing else", () => {
    expect(visibleRows(tree, new Set())).toEqual([0, 1, 2, 3]);
    expect(visibleRows(tree, new Set([id(2)]))).toEqual([0, 1]);
    expect(visibleRows(tree, new Set(foldableIds(tree)))).toEqual([0]);
  });

  it("finds what must be unfolded to see a row", () => {
    expect(idsAbove(tree, 3)).toEqual([id(4), id(2), id(1)]);
    expect(idsAbove(tree, 0)).toEqual([]);
  });
});

describe("searching a trace", () => {
  const search = new TraceSearch(
    treeOf({ ...web, metadata: { default: { cart: "Blue LAMP" } }, annotations: { tier: "plus" } }, orders),
  );

  it("looks into every field, for all words, in any case", () => {
    expect(search.find("lamp blue")).toEqual([0]);
    expect(search.find("from ORDERS")).toEqual([3]);
    expect(search.find("plus")).toEqual([0]);
    expect(search.find("nowhere")).toEqual([]);
    expect(search.find("  ")).toEqual([]);
  });

  it("does not find a row for what stands below it", () => {
    expect(search.find("select")).toEqual([3]);
  });
});

it("a row is found again in the documents, as it was sent", () => {
  const sent = { ...query, id: query.id.toUpperCase(), custom: true };
  const documents = [JSON.stringify(web), JSON.stringify([{ ...orders, subsegments: [sent] }])];
  expect(findDocument(documents, query.id)).toEqual(sent);
  expect(findDocument(documents, orders.id)).not.toHaveProperty("subsegments");
  expect(findDocument(documents, id(99))).toBeUndefined();
});

it("a row says what it did", () => {
  const rows = treeOf(
    { ...web, http: { request: { method: "GET", url: "http://web/cart?id=1" } } },
    {
      ...orders,
      subsegments: [
        query,
        { ...call, id: id(8), namespace: "aws", name: "DynamoDB", aws: { operation: "PutItem", table_name: "carts" } },
      ],
    },
  ).rows;
  expect(rows.map((row) => spanDetail(row.segment))).toEqual([
    "GET /cart?id=1",
    "",
    "",
    "PutItem carts",
    "SELECT * FROM orders",
  ]);
});

it("the axis has round marks", () => {
  expect(ticks(0.412, 5).map((tick) => tick.seconds)).toEqual([0, 0.1, 0.2, 0.30000000000000004, 0.4]);
  expect(ticks(1, 4).map((tick) => tick.at)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(ticks(0, 4)).toEqual([{ at: 0, seconds: 0 }]);
});
