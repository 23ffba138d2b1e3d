import fc from "fast-check";
import { expect, it } from "vitest";
import { packSeries, unpackSeries } from "./pack-series.ts";

const count = fc.nat();
const histogram = fc.array(fc.record({ seconds: fc.double({ min: 0, max: 1e6, noNaN: true }), count }), {
  maxLength: 5,
});
const point = fc.record({
  startSeconds: fc.nat(),
  statistics: fc.record(
    {
      ...{ ok: count, error: count, throttle: count, fault: count, total: count, estimated: fc.integer({ min: 1 }) },
      totalSeconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
      histogram,
    },
    { requiredKeys: ["ok", "error", "throttle", "fault", "total", "totalSeconds", "histogram"] },
  ),
});

it("a series is the same after its way between threads", () => {
  fc.assert(
    fc.property(fc.array(point, { maxLength: 5 }), (points) => {
      const crossed = structuredClone(packSeries(points));
      expect(unpackSeries(crossed)).toEqual(points);
    }),
  );
});
