import { expectedFaults, learn, noFaults } from "../insights/fault-band.ts";
import type { TimeSeriesPoint } from "../store/trace-store.ts";
import type { WireTimeSeriesPoint } from "./wire.ts";

/** One forecast of faults a point: the band by which insights judge, learnt from the points before. */
export function forecastFaults(
  points: readonly TimeSeriesPoint[],
): NonNullable<WireTimeSeriesPoint["ServiceForecastStatistics"]>[] {
  let band = noFaults;
  return points.map(({ statistics: { fault, total } }) => {
    const { low, high } = expectedFaults(band, total);
    band = learn(band, fault, total);
    return { FaultCountHigh: Math.ceil(high), FaultCountLow: Math.floor(low) };
  });
}
