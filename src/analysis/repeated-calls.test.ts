import { describe, expect, it } from "vitest";
import { aStep, aTree } from "../../test/fixtures/a-tree.ts";
import type { Wire } from "../../test/fixtures/builders.ts";
import { repeatedCalls } from "./repeated-calls.ts";
import { shapeOf } from "./shape-of.ts";

/** So many calls of `/items/<n>`, one after another, each a tenth of a second apart. */
const calls = (count: number, length = 0.05, more: Wire = { namespace: "remote" }): Wire[] =>
  Array.from({ length: count }, (_, at) =>
    aStep("stock", at / 10, at / 10 + length, [], {
      http: { request: { method: "GET", url: `http://stock/items/${at}` } },
      ...more,
    }),
  );

describe("repeated calls", () => {
  it("are siblings that differ only in ids, with their figures", () => {
    const [group, ...others] = repeatedCalls(aTree(2, [...calls(6), aStep("pay", 1, 1.5)]));
    expect(others).toEqual([]);
    expect(group).toMatchObject({ parent: 0, rows: [1, 2, 3, 4, 5, 6], service: "stock", name: "stock" });
    expect(group!.totalSeconds).toBeCloseTo(0.3, 5);
  });

  it("are suspected of N+1 when they are calls, at least five, one after another", () => {
    const suspect = (below: Wire[]) => repeatedCalls(aTree(2, below)).map((group) => group.suspectsNPlusOne);
    expect(suspect(calls(5))).toEqual([true]);
    expect(suspect(calls(4))).toEqual([false]);
    expect(suspect(calls(5, 0.15))).toEqual([false]);
    expect(suspect(calls(5, 0.05, {}))).toEqual([false]);
    expect(suspect(calls(2))).toEqual([]);
  });

  it("are not what different parents did", () => {
    expect(repeatedCalls(aTree(2, [aStep("a", 0, 1, calls(2)), aStep("b", 1, 2, calls(2))]))).toEqual([]);
  });
});

it("the shape of a request has no ids and numbers, and keeps its words", () => {
  expect(shapeOf("GET /items/17?page=2")).toBe("GET /items/#?page=#");
  expect(shapeOf("GET /u/5759e988-bd86-4e3f-a1be-46a994272793/face")).toBe("GET /u/#/face");
  expect(shapeOf("GET /o/bd862e3fe1be46a9")).toBe("GET /o/#");
  expect(shapeOf("SELECT facade FROM deadbeef")).toBe("SELECT facade FROM deadbeef");
});
