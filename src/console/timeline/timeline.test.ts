import { describe, expect, it } from "vitest";
import { aStep, aTree, rowOf, treeOf } from "../../../test/fixtures/a-tree.ts";
import { aWireSegment, parsed } from "../../../test/fixtures/builders.ts";
import { traceWords } from "../../analysis/skeleton-of.ts";
import { parseFilter } from "../../filter/parser.ts";
import { formatSql } from "./format-sql.ts";
import { layFlame } from "./lay-flame.ts";
import { rankAmong } from "./rank-among.ts";
import { eachText } from "./row-words.ts";
import { ticks } from "./time-axis.ts";
import { readTimelineView, type TimelineView, writeTimelineView } from "./timeline-view.ts";
import { likeSegment, likeTrace } from "./traces-like.ts";
import { moveBy, readZoom, wholeTrace, writeZoom, zoomBetween, zoomBy } from "./zoom.ts";

describe("the axis", () => {
  it("has round marks", () => {
    expect(ticks(0.412, 5).map((tick) => tick.seconds)).toEqual([0, 0.1, 0.2, 0.30000000000000004, 0.4]);
    expect(ticks(1, 4).map((tick) => tick.at)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(ticks(0, 4)).toEqual([{ at: 0, seconds: 0 }]);
  });

  it("has them at the trace's own times when a part is seen", () => {
    const marks = ticks(0.2, 4, 0.13);
    expect(marks.map(({ seconds }) => Number(seconds.toFixed(6)))).toEqual([0.15, 0.2, 0.25, 0.3]);
    expect(marks[0]!.at).toBeCloseTo(0.1);
  });
});

describe("zooming", () => {
  it("stays within the trace, with its ends in order", () => {
    expect(zoomBetween(0.75, 0.25)).toEqual({ from: 0.25, to: 0.75 });
    expect(zoomBetween(-3, 7)).toEqual(wholeTrace);
    expect(zoomBy(wholeTrace, 0.5)).toEqual(wholeTrace);
    expect(moveBy({ from: 0.5, to: 0.75 }, 9)).toEqual({ from: 0.75, to: 1 });
  });

  it("keeps the place that is zoomed at where it is", () => {
    const { from, to } = zoomBy(wholeTrace, 4, 0.2);
    expect((0.2 - from) / (to - from)).toBeCloseTo(0.2);
    expect(to - from).toBeCloseTo(0.25);
  });

  it("comes back from an address, and is the whole trace for what is none", () => {
    expect(readZoom(writeZoom({ from: 0.25, to: 0.5 }))).toEqual({ from: 0.25, to: 0.5 });
    for (const text of [undefined, "", "x", "0.5-0.2", "0.1", "-1-2", "0.1-NaN"])
      expect(readZoom(text)).toEqual(wholeTrace);
    expect(writeZoom(wholeTrace)).toBe("");
  });
});

it("what is looked at comes back from an address", () => {
  const view: TimelineView = {
    ...{ zoom: { from: 0.25, to: 0.5 }, focus: "00000000000000ab", minMs: 10, services: ["a,b", "c%"] },
    ...{ onlyFailed: true, onlyMatches: true, showsPath: false },
  };
  expect(readTimelineView(writeTimelineView(view))).toEqual(view);
  expect(Object.values(writeTimelineView(readTimelineView({}))).join("")).toBe("");
  expect(readTimelineView({ min: "x", focus: "<b>", services: "%" })).toMatchObject({ minMs: 0, services: ["%"] });
});

it("a flame has no row over another, and each below its caller", () => {
  const tree = aTree(1, [
    aStep("a", 0, 0.6, [aStep("deep", 0.1, 0.5)]),
    aStep("beside", 0.2, 0.8),
    aStep("after", 0.85, 0.9),
  ]);
  const { lanes, laneCount } = layFlame(tree);
  const laneOf = (name: string): number => lanes[rowOf(tree, name)]!;
  expect(["shop", "a", "deep", "after"].map(laneOf)).toEqual([0, 1, 2, 1]);
  expect([laneOf("beside"), laneCount]).toEqual([3, 4]);
});

describe("a duration among its peers", () => {
  const point = (entries: readonly (readonly [number, number])[]) => ({
    Timestamp: 0,
    ResponseTimeHistogram: entries.map(([Value, Count]) => ({ Value, Count })),
  });

  it("has a rank and a median, over all periods", () => {
    const series = [
      point([
        [0.01, 4],
        [0.02, 2],
      ]),
      point([
        [0.01, 1],
        [0.5, 3],
      ]),
    ];
    expect(rankAmong(series, 0.02)).toEqual({ share: 0.6, count: 10, medianSeconds: 0.01 });
    expect(rankAmong(series, 0.6)?.share).toBe(1);
  });

  it("has none where there are no peers", () => {
    expect(rankAmong([], 1)).toBeUndefined();
  });
});

describe("SQL", () => {
  it("has a line for each clause and condition", () => {
    const statement = "SELECT a, b FROM t LEFT JOIN u ON u.id = t.id WHERE a BETWEEN ? AND ? AND b = ? ORDER BY a";
    expect(formatSql(statement).split("\n")).toEqual([
      ...["SELECT a, b", "FROM t", "LEFT JOIN u", "  ON u.id = t.id"],
      ...["WHERE a BETWEEN ? AND ?", "  AND b = ?", "ORDER BY a"],
    ]);
  });

  it("stays as it is within quotes, when it is short, and when somebody has laid it out", () => {
    expect(formatSql("SELECT 'x  FROM y' AS \"WHERE\" , some_column FROM t")).toBe(
      "SELECT 'x  FROM y' AS \"WHERE\" , some_column\nFROM t",
    );
    expect(formatSql("SELECT 1 FROM t")).toBe("SELECT 1 FROM t");
    expect(formatSql("SELECT 1\n    FROM a_long_name_of_a_table WHERE x = 1")).toContain("    FROM");
  });
});

describe("searches that lead on from a trace", () => {
  const hostile = 'a "b" \\ <img>';
  const http = { request: { method: "GET", url: `http://shop/items/17?q=${hostile}` }, response: { status: 500 } };
  const document = aWireSegment({
    ...{ name: hostile, http, fault: true, user: hostile },
    cause: { exceptions: [{ id: "00000000000000aa", message: hostile }] },
  });
  const tree = treeOf(document);

  it("can be read as filters, whatever stands in them", () => {
    const details = {
      revision: 1,
      segment: parsed(JSON.stringify(document))[0]!,
      kind: "segment",
      service: hostile,
    } as const;
    const filters = [likeTrace({ words: traceWords(tree) }), ...likeSegment(details).map(({ filter }) => filter)];
    expect(filters.length).toBe(6);
    for (const filter of filters) expect(() => parseFilter(filter)).not.toThrow();
  });

  it("are for the same request at the same service, that went the same way", () => {
    expect(
      likeTrace({ words: { method: "GET", title: "http://shop/cart?id=1", service: "web", state: "fault" } }),
    ).toBe('service("web") AND http.method = "GET" AND http.url CONTAINS "/cart" AND fault');
    expect(likeTrace({ words: { title: "job", service: "job", state: "ok" } })).toBe('service("job")');
  });
});

it("repeated calls say how long each took", () => {
  const group = { parent: 0, rows: [], service: "s", name: "n", totalSeconds: 1, suspectsNPlusOne: false };
  expect(eachText({ ...group, minSeconds: 0.002, maxSeconds: 0.009 })).toBe("2–9 ms each");
  expect(eachText({ ...group, minSeconds: 0.002, maxSeconds: 1.5 })).toBe("2 ms–1.5 s each");
  expect(eachText({ ...group, minSeconds: 0.007, maxSeconds: 0.007 })).toBe("7 ms each");
});
