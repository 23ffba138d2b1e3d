import fc from "fast-check";
import { expect, it } from "vitest";
import { arbitraryDigest, arbitraryRange } from "../../../test/fixtures/arbitrary-traces.ts";
import { aDigest, aDigestSegment } from "../../../test/fixtures/digest-builders.ts";
import { SeriesBuilder } from "../../graph/time-series.ts";
import type { TraceDigest } from "../../trace/digest.ts";
import { packSeries, unpackSeries } from "./pack-series.ts";

function seriesOf(digests: readonly TraceDigest[], periodSeconds: number): SeriesBuilder {
  const series = new SeriesBuilder({ ...arbitraryRange, periodSeconds });
  for (const digest of digests) series.add(digest);
  return series;
}

it("a series is the same after its way between threads", () => {
  fc.assert(
    fc.property(fc.array(arbitraryDigest, { maxLength: 8 }), fc.constantFrom(1, 60, 3600), (digests, periodSeconds) => {
      const series = seriesOf(digests, periodSeconds);
      const crossed = structuredClone(packSeries(series.figures()));
      expect(unpackSeries(crossed)).toEqual(series.points());
    }),
  );
});

it("long histograms are the same too, and so are estimates", () => {
  const { startSeconds } = arbitraryRange;
  const digests = Array.from({ length: 1200 }, (_, at) =>
    aDigest({
      weight: 3,
      segments: [aDigestSegment({ isRoot: true, startSeconds, endSeconds: startSeconds + 1 + at / 1000 })],
    }),
  );
  const series = seriesOf(digests, 60);
  const points = unpackSeries(packSeries(series.figures()));
  expect(points).toEqual(series.points());
  expect(points[0]!.statistics).toMatchObject({ ok: 3600, estimated: 2400 });
  expect(points[0]!.statistics.histogram).toHaveLength(120);
});
