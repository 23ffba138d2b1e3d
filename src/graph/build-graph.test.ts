import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryDigest, arbitraryRange } from "../../test/fixtures/arbitrary-traces.ts";
import { aCall, aDigest, aDigestSegment } from "../../test/fixtures/digest-builders.ts";
import type { TraceDigest } from "../trace/digest.ts";
import { GraphBuilder, serviceGraph } from "./build-graph.ts";
import type { GraphNode } from "./service-graph.ts";

function graphOf(...digests: TraceDigest[]): readonly GraphNode[] {
  return serviceGraph(digests, 0, 600).nodes;
}

function find(nodes: readonly GraphNode[], name: string, type?: string): GraphNode {
  return nodes.find((node) => node.name === name && node.type === type)!;
}

/** `caller` is an entry and calls `callee`, which sends a segment unless it is of type remote. */
function aCallTo(callee: { name: string; type?: string }, caller = { name: "shop" }): TraceDigest {
  return aDigest({
    nodes: [caller, callee],
    segments: [aDigestSegment({ isRoot: true }), aDigestSegment({ node: 1, inferred: callee.type === "remote" })],
    calls: [aCall()],
  });
}

describe("serviceGraph", () => {
  it("puts every finished segment into one class: fault before throttle before error before ok", () => {
    const segments = [
      { fault: true, error: true, throttled: true },
      { error: true, throttled: true },
      { throttled: true },
      { error: true },
      {},
      { inProgress: true, fault: true },
    ].map(aDigestSegment);
    const [shop] = graphOf(aDigest({ segments }));
    expect(shop!.statistics).toMatchObject({ fault: 1, throttle: 2, error: 1, ok: 1, total: 5, totalSeconds: 5 });
  });

  it("counts a throttled call as a throttle among the errors of its edge (C-105)", () => {
    const digest = aDigest({
      nodes: [{ name: "shop" }, { name: "stock" }],
      segments: [aDigestSegment(), aDigestSegment({ node: 1 })],
      calls: [aCall({ error: true, throttled: true })],
    });
    expect(find(graphOf(digest), "shop").edges[0]!.statistics).toMatchObject({ throttle: 1, error: 0, total: 1 });
  });

  it("leads a link from where work was left to who took it up, with its figures and how long it had waited", () => {
    const consumer = aDigest({
      nodes: [{ name: "worker" }, { name: "orders@kafka", type: "remote" }],
      segments: [aDigestSegment({ isRoot: true, fault: true })],
      links: [{ from: 1, to: 0, ageSeconds: 2.5 }],
    });
    const nodes = graphOf(aCallTo({ name: "orders@kafka", type: "remote" }), consumer);
    expect(nodes.map(({ name, isClient, inferred }) => [name, isClient, inferred])).toEqual([
      ["shop", true, false],
      ["orders@kafka", false, true],
      ["shop", false, false],
      ["worker", false, false],
    ]);
    const [link] = find(nodes, "orders@kafka", "remote").edges;
    expect(nodes[link!.to]!.name).toBe("worker");
    expect(link).toMatchObject({
      kind: "link",
      ages: [{ seconds: 2.5, count: 1 }],
      statistics: { fault: 1, total: 1 },
    });
    expect(find(nodes, "shop").edges[0]!.kind).toBeUndefined();
    // Alone it stands all the same: nobody has been seen to leave the work.
    expect(graphOf(consumer).map(({ name, inferred }) => [name, inferred])).toEqual([
      ["orders@kafka", true],
      ["worker", false],
    ]);
  });

  it("shows a client in front of a consumer that others enter as well", () => {
    const consumer = aDigest({
      nodes: [{ name: "worker" }, { name: "queue" }],
      segments: [aDigestSegment({ isRoot: true }), aDigestSegment({ isRoot: true })],
      links: [{ from: 1, to: 0 }],
    });
    expect(graphOf(consumer).map(({ name, isClient }) => [name, isClient])).toEqual([
      ["worker", true],
      ["queue", false],
      ["worker", false],
    ]);
  });

  it("shows no client before a callee whose caller is late, unless nobody is seen to call it", () => {
    const late = aDigest({
      nodes: [{ name: "stock" }],
      segments: [aDigestSegment({ isRoot: true, awaitsCaller: true })],
    });
    const drawn = (...digests: TraceDigest[]): unknown[] =>
      graphOf(...digests).map(({ name, isClient, isRoot }) => [name, isClient, isRoot]);
    const shop = [
      ["shop", true, false],
      ["shop", false, true],
    ];
    expect(drawn(late)).toEqual([
      ["stock", true, false],
      ["stock", false, true],
    ]);
    expect(drawn(late, aCallTo({ name: "stock" }))).toEqual([...shop, ["stock", false, false]]);
    const entered = aDigest({ nodes: [{ name: "stock" }], segments: [aDigestSegment({ isRoot: true })] });
    expect(
      drawn(late, entered, aCallTo({ name: "stock" })).filter((node) => (node as unknown[])[0] === "stock"),
    ).toEqual([
      ["stock", true, false],
      ["stock", false, true],
    ]);
  });

  it("counts what ended in the range, and shows without figures what began in it and still runs", () => {
    const ended = (endSeconds: number): TraceDigest => aDigest({ segments: [aDigestSegment({ endSeconds })] });
    const runs = aDigest({
      nodes: [{ name: "worker" }],
      segments: [aDigestSegment({ startSeconds: 15, inProgress: true })],
    });
    const { nodes } = serviceGraph([ended(9.9), ended(10), ended(19.9), ended(20), runs], 10, 20);
    expect(find(nodes, "shop").statistics.total).toBe(2);
    expect(find(nodes, "worker")).toMatchObject({ startSeconds: 15, endSeconds: 15, statistics: { total: 0 } });
    expect(serviceGraph([runs], 16, 20).nodes).toEqual([]);
  });

  it("tells times in whole seconds", () => {
    const [shop] = graphOf(aDigest({ segments: [aDigestSegment({ startSeconds: 3.9, endSeconds: 7.9 })] }));
    expect(shop).toMatchObject({ startSeconds: 3, endSeconds: 7 });
  });

  it("rounds each duration to a millisecond, and only the sum of all of them", () => {
    const segments = [0.0004, 0.0004, 0.0004, 0.0012].map((endSeconds) => aDigestSegment({ endSeconds }));
    const [shop] = graphOf(aDigest({ segments }));
    expect(shop!.statistics.histogram).toEqual([
      { seconds: 0, count: 3 },
      { seconds: 0.001, count: 1 },
    ]);
    expect(shop!.statistics.totalSeconds).toBe(0.002);
  });

  it("takes a segment that ended before it started as one of no duration", () => {
    const [shop] = graphOf(aDigest({ segments: [aDigestSegment({ startSeconds: 9, endSeconds: 8 })] }));
    expect(shop).toMatchObject({ startSeconds: 9, endSeconds: 9, statistics: { total: 1, totalSeconds: 0 } });
  });

  it("counts nothing for longer than thirty days", () => {
    const began1970 = aDigest({ segments: [aDigestSegment({ startSeconds: 0, endSeconds: 1_700_000_000 })] });
    const { nodes } = serviceGraph([began1970, began1970], 0, 1_700_000_060);
    expect(nodes[0]!.statistics).toMatchObject({
      totalSeconds: 60 * 86_400,
      histogram: [{ seconds: 30 * 86_400, count: 2 }],
    });
  });

  it("gives every name of entry nodes one client, with an edge to each of them", () => {
    const entry = (type: string): TraceDigest =>
      aDigest({ nodes: [{ name: "shop", type }], segments: [aDigestSegment({ isRoot: true, fault: true })] });
    const nodes = graphOf(entry("AWS::EC2::Instance"), entry("AWS::ECS::Container"));
    expect(nodes.map(({ name, type, isRoot, isClient }) => [name, type, isRoot, isClient])).toEqual([
      ["shop", "client", false, true],
      ["shop", "AWS::EC2::Instance", true, false],
      ["shop", "AWS::ECS::Container", true, false],
    ]);
    expect(nodes[0]!.edges.map((edge) => [edge.to, edge.statistics.fault])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it("keeps nodes of one name apart by type and account", () => {
    const nodes = [
      { name: "a" },
      { name: "a", type: "T" },
      { name: "a", accountId: "1" },
      { name: "a", accountId: "2" },
    ];
    const segments = nodes.map((_, node) => aDigestSegment({ node }));
    expect(graphOf(aDigest({ nodes, segments }))).toHaveLength(4);
  });

  it("shows a callee whose segment ended outside of the range, because the call to it did not", () => {
    const digest = aDigest({
      nodes: [{ name: "shop" }, { name: "late" }],
      segments: [aDigestSegment(), aDigestSegment({ node: 1, endSeconds: 9000 })],
      calls: [aCall({ startSeconds: 2, endSeconds: 5 })],
    });
    expect(find(graphOf(digest), "late")).toMatchObject({
      startSeconds: 2,
      endSeconds: 5,
      inferred: false,
      statistics: { total: 0, histogram: [] },
    });
  });

  it("folds the remote node of a name into the single real node of that name, and tells so on the edge", () => {
    const nodes = graphOf(
      aCallTo({ name: "stock", type: "remote" }),
      aCallTo({ name: "stock", type: "AWS::EC2::Instance" }),
    );
    const stock = find(nodes, "stock", "AWS::EC2::Instance");
    expect(nodes.map((node) => node.name)).toEqual(["shop", "shop", "stock"]);
    expect(stock).toMatchObject({ inferred: false, statistics: { total: 2 } });
    expect(find(nodes, "shop").edges).toMatchObject([
      { to: stock.reference, statistics: { total: 2 }, aliases: [{ name: "stock", type: "remote" }] },
    ]);
  });

  it("folds a remote node into a real one without a type", () => {
    const nodes = graphOf(aCallTo({ name: "stock", type: "remote" }), aCallTo({ name: "stock" }));
    expect(nodes.filter((node) => node.name === "stock")).toHaveLength(1);
  });

  it("keeps the remote node where several real nodes have its name, and where none has", () => {
    const remote = aCallTo({ name: "stock", type: "remote" });
    const several = graphOf(remote, aCallTo({ name: "stock", type: "A" }), aCallTo({ name: "stock", type: "B" }));
    expect(several.filter((node) => node.name === "stock").map((node) => node.type)).toEqual(["A", "B", "remote"]);
    expect(find(several, "stock", "remote").inferred).toBe(true);
    expect(graphOf(remote).filter((node) => node.name === "stock")).toHaveLength(1);
  });

  it("folds nothing into a database or an AWS resource, and is not kept from folding by one", () => {
    const inferred = (type: string): TraceDigest =>
      aDigest({ nodes: [{ name: "stock", type }], segments: [aDigestSegment({ inferred: true })] });
    const types = (...digests: TraceDigest[]): unknown[] => graphOf(...digests).map((node) => node.type);
    const table = inferred("AWS::DynamoDB::Table");
    const real = aDigest({ nodes: [{ name: "stock" }] });
    expect(types(table, real)).toEqual([undefined, "AWS::DynamoDB::Table"]);
    expect(types(table, inferred("remote"))).toEqual(["AWS::DynamoDB::Table", "remote"]);
    expect(types(table, inferred("remote"), real)).toEqual([undefined, "AWS::DynamoDB::Table"]);
  });

  it("tells on the edge what callers called a callee that has another name", () => {
    const called = (alias: string): TraceDigest =>
      aDigest({
        nodes: [{ name: "shop" }, { name: "stock" }],
        segments: [aDigestSegment(), aDigestSegment({ node: 1 })],
        calls: [aCall({ alias })],
      });
    const nodes = graphOf(called("lb-2"), called("lb-1"), called("lb-2"));
    expect(find(nodes, "shop").edges[0]!.aliases).toEqual([{ name: "lb-1" }, { name: "lb-2" }]);
  });

  it("orders nodes and edges in one way, whatever the order of the traces", () => {
    fc.assert(
      fc.property(
        fc
          .array(arbitraryDigest, { maxLength: 5 })
          .chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length }))),
        ([some, shuffled]) => {
          const { startSeconds, endSeconds } = arbitraryRange;
          expect(serviceGraph(shuffled, startSeconds, endSeconds)).toEqual(
            serviceGraph(some, startSeconds, endSeconds),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("GraphBuilder", () => {
  it("adds up what several builders have folded, across threads too", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(arbitraryDigest, { maxLength: 3 }), { maxLength: 4 }),
        fc.nat(1200),
        (parts, offset) => {
          const [from, to] = [arbitraryRange.startSeconds + offset, arbitraryRange.endSeconds - offset / 2];
          const whole = new GraphBuilder(from, to);
          for (const [index, part] of parts.entries()) {
            const builder = new GraphBuilder(from, to);
            for (const digest of part) builder.add(digest);
            whole.merge(index % 2 === 0 ? builder : GraphBuilder.fromData(structuredClone(builder.toData())));
          }
          expect(whole.graph()).toEqual(serviceGraph(parts.flat(), from, to));
        },
      ),
      { numRuns: 60 },
    );
  });
});
