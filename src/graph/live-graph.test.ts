import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryDocuments, arbitraryRange, type TraceDocument } from "../../test/fixtures/arbitrary-traces.ts";
import { parsed } from "../../test/fixtures/builders.ts";
import { aCall, aDigest, aDigestSegment } from "../../test/fixtures/digest-builders.ts";
import { assembleTrace } from "../trace/assemble-trace.ts";
import type { TraceDigest } from "../trace/digest.ts";
import { digestTrace } from "../trace/digest-trace.ts";
import type { Segment } from "../trace/segment.ts";
import { serviceGraph } from "./build-graph.ts";
import { LiveGraph } from "./live-graph.ts";

const { startSeconds, endSeconds } = arbitraryRange;

/** Traces as a store keeps them: every document that arrives makes a new digest of its trace. */
class Arrivals {
  readonly live: LiveGraph = new LiveGraph();
  private readonly segments = new Map<string, readonly Segment[]>();
  private readonly digests = new Map<string, TraceDigest>();

  receive({ traceId, text }: TraceDocument): void {
    const segments = [...(this.segments.get(traceId) ?? []), ...parsed(text)];
    const before = this.digests.get(traceId);
    const after = digestTrace(assembleTrace(traceId, segments), (before?.revision ?? 0) + 1);
    this.segments.set(traceId, segments);
    this.digests.set(traceId, after);
    this.live.fold(before, after);
  }

  forget(): void {
    for (const digest of this.digests.values()) this.live.fold(digest, undefined);
  }

  latest(): TraceDigest[] {
    return [...this.digests.values()];
  }
}

/** Any order, some documents twice, some not (yet) at all. */
const arrivals = arbitraryDocuments.chain((documents) =>
  fc.shuffledSubarray([...documents, ...documents], { minLength: Math.ceil(documents.length / 2) }),
);

describe("the live graph", () => {
  it("equals the graph from scratch, in whatever order documents arrive, twice or in part", () => {
    fc.assert(
      fc.property(arrivals, (documents) => {
        const store = new Arrivals();
        for (const document of documents) store.receive(document);
        const scratch = serviceGraph(store.latest(), startSeconds, endSeconds);
        expect(store.live.graph(startSeconds, endSeconds)).toEqual(scratch);
      }),
      { numRuns: 150 },
    );
  });

  it("equals the graph from scratch in every single minute, after every single document", () => {
    fc.assert(
      fc.property(arrivals, (documents) => {
        const store = new Arrivals();
        for (const document of documents) {
          store.receive(document);
          for (const minute of store.live.takeChange().minutes) {
            const [from, to] = [minute * 60, minute * 60 + 60];
            expect(store.live.graph(from, to)).toEqual(serviceGraph(store.latest(), from, to));
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it("is empty again when every trace has been dropped", () => {
    fc.assert(
      fc.property(arrivals, (documents) => {
        const store = new Arrivals();
        for (const document of documents) store.receive(document);
        store.forget();
        expect(store.live.graph(startSeconds, endSeconds).nodes).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it("tells what was touched since it was last asked, client edges included", () => {
    const live = new LiveGraph();
    const shop = { name: "shop", type: "AWS::EC2::Instance" };
    const stock = { name: "stock" };
    const digest = aDigest({
      nodes: [shop, stock],
      segments: [
        aDigestSegment({ node: 0, isRoot: true, startSeconds: 100, endSeconds: 130 }),
        aDigestSegment({ node: 1, startSeconds: 110, endSeconds: 115 }),
      ],
      calls: [aCall({ from: 0, to: 1, startSeconds: 110, endSeconds: 119.5 })],
    });
    live.fold(undefined, digest);
    const client = { name: "shop", type: "client" };
    const change = live.takeChange();
    expect(change.minutes).toEqual([1, 2]);
    expect(new Set(change.nodes)).toEqual(new Set([shop, stock, client]));
    expect(new Set(change.edges)).toEqual(
      new Set([
        { from: client, to: shop },
        { from: shop, to: stock },
      ]),
    );
    expect(structuredClone(change)).toEqual(change);
    expect(live.takeChange()).toEqual({ minutes: [], nodes: [], edges: [] });
  });

  it("answers whole minutes and says so", () => {
    const live = new LiveGraph();
    live.fold(undefined, aDigest({ segments: [aDigestSegment({ startSeconds: 60, endSeconds: 61 })] }));
    const graph = live.graph(90, 150);
    expect([graph.startSeconds, graph.endSeconds]).toEqual([60, 180]);
    expect(graph.nodes).toHaveLength(1);
    expect(live.graph(120, 150).nodes).toEqual([]);
  });

  it("knows nothing of minutes that it has dropped", () => {
    const live = new LiveGraph();
    const digest = aDigest({ segments: [aDigestSegment({ startSeconds: 60, endSeconds: 61 })] });
    live.fold(undefined, digest);
    live.dropBefore(120);
    live.fold(digest, undefined);
    live.fold(undefined, digest);
    expect(live.graph(0, 600).nodes).toEqual([]);
    expect(live.takeChange().minutes).toEqual([]);
  });
});
