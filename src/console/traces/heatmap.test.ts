import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aDigest } from "../../../test/fixtures/digest-builders.ts";
import { type Heatmap, HeatmapBuilder, heatRows } from "../../analysis/heatmap.ts";
import { compileFilter } from "../../filter/evaluate.ts";
import { parseFilter } from "../../filter/parser.ts";
import { emptyView } from "../address/view-address.ts";
import { durationBands } from "./duration-bands.ts";
import { boxedView, countIn, meaningOf } from "./heat-box.ts";
import { boxBetween, heatScale, timeMarks } from "./heat-scale.ts";

const range = { startSeconds: 1_000, endSeconds: 1_600 };
const size = { width: 800, height: 160 };

function heatmapOf(...traces: readonly (readonly [start: number, duration: number])[]): Heatmap {
  const builder = new HeatmapBuilder(range, 60);
  for (const [start, duration] of traces) {
    builder.add(aDigest({ startSeconds: start, endSeconds: start + duration }), "ok");
  }
  return builder.heatmap();
}

describe("a part of the heatmap", () => {
  it("is put into words that find its traces and no others", () => {
    const durations = fc.array(fc.integer({ min: 0, max: 20_000_000 }), { minLength: 1, maxLength: 20 });
    const row = fc.integer({ min: 0, max: heatRows - 1 });
    fc.assert(
      fc.property(durations, row, row, (ms, one, other) => {
        const digests = ms.map((each) => aDigest({ startSeconds: 1_000, endSeconds: 1_000 + each / 1000 }));
        const heatmap = heatmapOf(...ms.map((each) => [1_000, each / 1000] as const));
        const box = boxBetween({ column: 0, row: one }, { column: 59, row: other });
        const { filter } = boxedView(heatmap, box, emptyView);
        const holds = compileFilter(parseFilter(filter ?? ""));
        expect(digests.filter(holds)).toHaveLength(countIn(heatmap, box).traces);
      }),
    );
  });

  it("takes the place of the part before, and leaves the other clauses", () => {
    const heatmap = heatmapOf([1_100, 0.02], [1_200, 2]);
    const box = { fromColumn: 10, toColumn: 19, fromRow: 12, toRow: 17 };
    const first = boxedView(heatmap, box, { ...emptyView, filter: "fault OR error" });
    expect(first).toEqual({
      filter: "(fault OR error) AND duration >= 0.1 AND duration < 1",
      span: { kind: "between", startSeconds: 1_100, endSeconds: 1_200 },
    });
    const second = boxedView(heatmap, { ...box, toRow: 14 }, { ...emptyView, filter: first.filter! });
    expect(second.filter).toBe("(fault OR error) AND duration >= 0.1 AND duration < 0.317");
  });

  it("over the whole time leaves the time as it is", () => {
    const whole = { fromColumn: 0, toColumn: 59, fromRow: 0, toRow: heatRows - 1 };
    expect(boxedView(heatmapOf([1_000, 1]), whole, emptyView)).toEqual({ filter: "", span: emptyView.span });
    expect(meaningOf(heatmapOf(), whole)).toMatchObject({ shortestSeconds: undefined, longestSeconds: undefined });
  });
});

describe("the picture", () => {
  it("finds the cell again that stands at a place", () => {
    const scale = heatScale(heatmapOf([1_000, 0.004], [1_500, 3]), size);
    for (const column of [0, 17, 59]) expect(scale.columnAt(scale.x(column) + 1)).toBe(column);
    for (let row = scale.lowRow; row <= scale.highRow; row += 1) expect(scale.rowAt(scale.y(row) + 1)).toBe(row);
    expect(scale.marks).toEqual([0.01, 0.1, 1]);
  });

  it("holds every trace, the slow ones above, and stands for an empty time as well", () => {
    const scale = heatScale(heatmapOf([1_000, 0], [1_500, 90_000]), size);
    expect([scale.lowRow, scale.highRow]).toEqual([0, heatRows - 1]);
    expect(scale.y(scale.highRow)).toBeLessThan(scale.y(scale.lowRow));
    expect(heatScale(heatmapOf(), size).highRow).toBeGreaterThan(10);
  });

  it("labels few moments, on round times", () => {
    const marks = timeMarks(heatmapOf(), 800);
    expect(marks.length).toBeLessThanOrEqual(7);
    for (const mark of marks) expect(mark % 60).toBe(0);
  });
});

describe("durations in bands", () => {
  it("hold every trace once, the longest first, few at a time", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 600 }), (ms) => {
        const bands = durationBands(heatmapOf(...ms.map((each) => [1_000, each / 1000] as const)));
        const digests = ms.map((each) => aDigest({ startSeconds: 1_000, endSeconds: 1_000 + each / 1000 }));
        const found = bands.map((band) => digests.filter(compileFilter(parseFilter(band))));
        expect(found.flat()).toHaveLength(ms.length);
        let shortest = Number.POSITIVE_INFINITY;
        for (const band of found) {
          const durations = band.map(({ startSeconds, endSeconds }) => endSeconds - startSeconds);
          expect(Math.max(...durations)).toBeLessThan(shortest);
          shortest = Math.min(shortest, ...durations);
        }
      }),
    );
  });
});
