import { expect, it } from "vitest";
import type { WireTraceSummary } from "../../api/wire.ts";
import { emptyView } from "../address/view-address.ts";
import { chosenView } from "./chosen-view.ts";
import { plotLeft, plotScale, traceAt } from "./plot-scale.ts";

const aTrace = (StartTime: number, Duration: number): WireTraceSummary => ({ StartTime, Duration }) as WireTraceSummary;
const size = { width: 800, height: 100 };

it("a place on the plot is found again by its time and its duration", () => {
  const scale = plotScale([aTrace(1_000, 0.001), aTrace(1_600, 2)], size);
  for (const seconds of [1_000, 1_234, 1_600]) expect(scale.secondsAt(scale.x(seconds))).toBeCloseTo(seconds);
  for (const duration of [0.001, 0.05, 2]) expect(scale.durationAt(scale.y(duration))).toBeCloseTo(duration);
  expect(scale.marks).toEqual([0.001, 0.01, 0.1, 1]);
});

it("every trace lies within the plot, the slow ones above", () => {
  const traces = [aTrace(1, 0), aTrace(5, 0.02), aTrace(9, 40)];
  const scale = plotScale(traces, size);
  for (const { StartTime, Duration } of traces) {
    expect(scale.x(StartTime)).toBeGreaterThanOrEqual(plotLeft);
    expect(scale.x(StartTime)).toBeLessThanOrEqual(size.width);
    expect(scale.y(Duration)).toBeGreaterThanOrEqual(0);
    expect(scale.y(Duration)).toBeLessThanOrEqual(size.height);
  }
  expect(scale.y(40)).toBeLessThan(scale.y(0.02));
});

it("the pointer finds the nearest trace, and none where there is none", () => {
  const traces = [aTrace(1, 0.01), aTrace(100, 1)];
  const scale = plotScale(traces, size);
  expect(traceAt(traces, scale, { x: scale.x(100) + 3, y: scale.y(1) - 3 })).toBe(traces[1]);
  expect(traceAt(traces, scale, { x: scale.x(50), y: scale.y(0.1) })).toBeUndefined();
});

it("what is dragged over becomes a time range and a clause, which the next drag replaces", () => {
  const chosen = { startSeconds: 1_000.4, endSeconds: 1_090.2, shortestSeconds: 0.01234, longestSeconds: 1.5 };
  const first = chosenView({ ...emptyView, filter: "fault OR error" }, chosen);
  expect(first).toEqual({
    filter: "(fault OR error) AND duration >= 0.0123 AND duration <= 1.5",
    span: { kind: "between", startSeconds: 1_000, endSeconds: 1_091 },
  });
  const second = chosenView({ ...emptyView, filter: first.filter! }, { ...chosen, longestSeconds: 0.1 });
  expect(second.filter).toBe("(fault OR error) AND duration >= 0.0123 AND duration <= 0.1");
  expect(chosenView(emptyView, chosen).filter).toBe("duration >= 0.0123 AND duration <= 1.5");
});
