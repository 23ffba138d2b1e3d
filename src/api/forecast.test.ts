import { expect, it } from "vitest";
import { forecastFaults } from "./forecast.ts";

const point = (fault: number, total: number) => ({
  startSeconds: 0,
  statistics: { ok: total - fault, error: 0, throttle: 0, fault, total, totalSeconds: 0, histogram: [] },
});

it("the first period expects nearly no faults, and later ones what was usual", () => {
  const forecasts = forecastFaults([...Array.from({ length: 40 }, () => point(50, 100)), point(0, 100)]);
  expect(forecasts[0]).toEqual({ FaultCountHigh: 5, FaultCountLow: 0 });
  const last = forecasts.at(-1)!;
  expect(last.FaultCountLow).toBeLessThan(50);
  expect(last.FaultCountLow).toBeGreaterThan(10);
  expect(last.FaultCountHigh).toBeGreaterThan(50);
  expect(last.FaultCountHigh).toBeLessThan(100);
});
