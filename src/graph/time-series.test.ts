import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryDigest, arbitraryRange, vocabulary } from "../../test/fixtures/arbitrary-traces.ts";
import { aCall, aDigest, aDigestSegment } from "../../test/fixtures/digest-builders.ts";
import type { TraceDigest } from "../trace/digest.ts";
import { contribute } from "./cells.ts";
import type { EntitySelector } from "./choose-cells.ts";
import { encodeMinute, mergeMinute } from "./encode-minute.ts";
import { Minutes } from "./minutes.ts";
import { SeriesBuilder, type SeriesPoint } from "./time-series.ts";

/** Entry at `shop` of three seconds, with a call of two seconds to `stock`, whose segment takes one. */
const digest = aDigest({
  nodes: [{ name: "shop", type: "AWS::EC2::Instance" }, { name: "stock" }],
  segments: [
    aDigestSegment({ isRoot: true, startSeconds: 100, endSeconds: 103 }),
    aDigestSegment({ node: 1, startSeconds: 100, endSeconds: 101 }),
  ],
  calls: [aCall({ startSeconds: 100, endSeconds: 102 })],
});

function series(
  selector?: EntitySelector,
  digests: readonly TraceDigest[] = [digest],
  periodSeconds = 60,
): SeriesPoint[] {
  const builder = new SeriesBuilder({ startSeconds: 0, endSeconds: 600, periodSeconds }, selector);
  for (const each of digests) builder.add(each);
  return builder.points();
}

function seconds(selector?: EntitySelector): number[] {
  return series(selector).map((point) => point.statistics.totalSeconds);
}

describe("a time series", () => {
  it("shows a service's own segments", () => {
    expect(seconds({ kind: "service", node: { name: "stock" } })).toEqual([1]);
    expect(seconds({ kind: "service", node: { name: "shop", type: "AWS::EC2::Instance" } })).toEqual([3]);
    expect(seconds({ kind: "service", node: { name: "shop", type: "AWS::Lambda" } })).toEqual([]);
    expect(seconds({ kind: "service", node: {} })).toEqual([4]);
  });

  it("shows an edge as its callers saw it", () => {
    expect(seconds({ kind: "edge", from: { name: "shop" }, to: { name: "stock" } })).toEqual([2]);
    expect(seconds({ kind: "edge", from: { name: "stock" }, to: { name: "shop" } })).toEqual([]);
  });

  it("shows the edge from the client, by type or by name", () => {
    expect(seconds({ kind: "edge", from: { name: "shop", type: "client" }, to: {} })).toEqual([3]);
    expect(seconds({ kind: "edge", from: { name: "shop" }, to: { name: "shop" } })).toEqual([3]);
  });

  it("shows a client as what enters from it", () => {
    expect(seconds({ kind: "service", node: { name: "shop", type: "client" } })).toEqual([3]);
    expect(seconds({ kind: "service", node: { name: "stock", type: "client" } })).toEqual([]);
    expect(seconds({ kind: "service", node: { type: "client", accountId: "111122223333" } })).toEqual([]);
  });

  it("shows a link as the work that it leads to", () => {
    const nodes = [{ name: "worker" }, { name: "queue" }];
    const segments = [aDigestSegment({ isRoot: true, endSeconds: 5 })];
    const consumer = aDigest({ nodes, segments, links: [{ from: 1, to: 0, ageSeconds: 9 }] });
    const [point] = series({ kind: "edge", from: { name: "queue" }, to: { name: "worker" } }, [consumer]);
    expect(point!.statistics).toMatchObject({ total: 1, totalSeconds: 5 });
  });

  it("shows the traces that enter where nothing is selected", () => {
    expect(series()).toMatchObject([{ startSeconds: 60, statistics: { total: 1, totalSeconds: 3 } }]);
  });

  it("has buckets at multiples of the period, and none where nothing finished", () => {
    const ended = (endSeconds: number): TraceDigest =>
      aDigest({ segments: [aDigestSegment({ isRoot: true, endSeconds })] });
    const runs = aDigest({ segments: [aDigestSegment({ isRoot: true, startSeconds: 250, inProgress: true })] });
    const points = series(undefined, [ended(59), ended(60), ended(110), ended(599), ended(600), runs], 50);
    expect(points.map((point) => [point.startSeconds, point.statistics.total])).toEqual([
      [50, 2],
      [100, 1],
      [550, 1],
    ]);
  });

  it("is the same from stored minutes as from traces", () => {
    const match = fc.record(
      { name: fc.constantFrom(...vocabulary.names), type: fc.constantFrom(...vocabulary.types) },
      { requiredKeys: [] },
    );
    const selector = fc.option(
      fc.oneof(
        fc.record({ kind: fc.constant("service" as const), node: match }),
        fc.record({ kind: fc.constant("edge" as const), from: match, to: match }),
      ),
      { nil: undefined },
    );
    fc.assert(
      fc.property(
        fc.array(arbitraryDigest, { maxLength: 4 }),
        selector,
        fc.constantFrom(60, 300),
        (some, which, period) => {
          const range = { ...arbitraryRange, periodSeconds: period };
          const fromTraces = new SeriesBuilder(range, which);
          for (const each of some) fromTraces.add(each);
          const minutes = new Minutes();
          for (const each of some) contribute(each, 1, minutes);
          const fromMinutes = new SeriesBuilder(range, which);
          for (const [minute, cells] of minutes.cells) {
            const bucket = fromMinutes.at(minute * 60);
            if (bucket !== undefined) mergeMinute(encodeMinute(cells), bucket, fromMinutes.choice);
          }
          expect(fromMinutes.points()).toEqual(fromTraces.points());
        },
      ),
      { numRuns: 60 },
    );
  });
});
