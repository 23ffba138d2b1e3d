import { expect, it } from "vitest";
import type { WireTimeSeriesPoint } from "../../api/wire.ts";
import { redSeries } from "./red-series.ts";

const point: WireTimeSeriesPoint = {
  Timestamp: 120,
  ServiceSummaryStatistics: {
    ...{ OkCount: 6, TotalCount: 10, TotalResponseTime: 1 },
    ErrorStatistics: { ThrottleCount: 1, OtherCount: 2, TotalCount: 3 },
    FaultStatistics: { OtherCount: 1, TotalCount: 1 },
  },
  ResponseTimeHistogram: [
    { Value: 0.9, Count: 1 },
    { Value: 0.1, Count: 9 },
  ],
};

it("steps without calls have a rate of zero, and neither shares nor times", () => {
  const series = redSeries([point], { startSeconds: 61, endSeconds: 239, periodSeconds: 60 });
  expect(series).toEqual({
    seconds: [60, 120, 180],
    perSecond: [0, 10 / 60, 0],
    error: [undefined, 20, undefined],
    throttle: [undefined, 10, undefined],
    fault: [undefined, 10, undefined],
    p50: [undefined, 0.1, undefined],
    p95: [undefined, 0.9, undefined],
    p99: [undefined, 0.9, undefined],
  });
});
