import { describe, expect, it } from "vitest";
import { serviceGraph } from "../../src/graph/build-graph.ts";
import type { GraphEdge, GraphNode, Statistics } from "../../src/graph/service-graph.ts";
import { apiFixtures, type FixtureEdge, type FixtureNode, type FixtureStatistics } from "../fixtures/api-fixtures.ts";
import { aDocument, aWireSubsegment, type Wire } from "../fixtures/builders.ts";
import { digestOf, fixtureDigests } from "../fixtures/digests.ts";

const graph = serviceGraph(fixtureDigests(), 1_700_000_000, 1_700_000_060);

it("gives the sixteen nodes of the API study, in its order", () => {
  expect(graph.nodes.map(({ name, type }) => [name, type ?? ""])).toEqual(
    apiFixtures.service_graph_of_all_traces.map(({ Name, Type }) => [Name, Type]),
  );
});

it.each(apiFixtures.service_graph_of_all_traces)("gives $Name ($Type) the figures of the API study", (expected) => {
  const node = graph.nodes.find(({ name, type = "" }) => name === expected.Name && type === expected.Type)!;
  expect(asFixture(node)).toEqual(expected);
});

describe("cases of the protocol study", () => {
  const callId = "c000000000000001";
  const caller = (subsegment: Wire, members: Wire = {}): string =>
    aDocument({ ...members, subsegments: [aWireSubsegment({ id: callId, ...subsegment })] });
  const nodesOf = (...traces: (readonly string[])[]): GraphNode[] => {
    const digests = traces.map((documents) => digestOf(documents));
    const { nodes } = serviceGraph(digests, 1_700_000_000, 1_700_000_060);
    return nodes.filter((node) => !node.isClient);
  };

  it("C-100: a remote call that nobody answers gives an inferred node", () => {
    const nodes = nodesOf([caller({ namespace: "remote", name: "api.example.com" })]);
    expect(nodes).toMatchObject([
      { name: "api.example.com", type: "remote", inferred: true, statistics: { total: 1, totalSeconds: 0.5 } },
      { name: "shop", inferred: false, edges: [{ to: 1 }] },
    ]);
  });

  it("C-101: the callee's own segment takes the place of the inferred one", () => {
    const call = caller({ namespace: "remote", name: "api.example.com" });
    const callee = aDocument({ name: "api.example.com", parent_id: callId, origin: "AWS::ECS::Container" });
    expect(nodesOf([call, callee])).toMatchObject([
      { name: "api.example.com", type: "AWS::ECS::Container", inferred: false, statistics: { total: 1 } },
      { name: "shop", edges: [{ to: 1, statistics: { total: 1, totalSeconds: 0.5 } }] },
    ]);
  });

  it("C-102, C-103: calls of Node's and Python's SDKs to one table give one node, named after the table", () => {
    const get = (name: string): string =>
      caller({ namespace: "aws", name, aws: { operation: "GetItem", table_name: "scores" } });
    expect(nodesOf([get("DynamoDB")], [get("dynamodb")])).toMatchObject([
      { name: "scores", type: "AWS::DynamoDB::Table", inferred: true, statistics: { total: 2 } },
      { name: "shop", edges: [{ to: 1, statistics: { total: 2 }, aliases: [] }] },
    ]);
  });

  it("C-104: a request that comes in has a client", () => {
    const request = aDocument({ http: { request: { method: "GET", url: "http://shop/" }, response: { status: 200 } } });
    expect(serviceGraph([digestOf([request])], 1_700_000_000, 1_700_000_060).nodes).toMatchObject([
      { name: "shop", type: "client", isClient: true, edges: [{ to: 1, statistics: { ok: 1 } }] },
      { name: "shop", isClient: false, isRoot: true },
    ]);
  });

  it("C-105: a 429 counts as a throttle and among the errors", () => {
    const [node] = nodesOf([aDocument({ http: { response: { status: 429 } } })]);
    expect(asFixtureStatistics(node!.statistics)).toMatchObject({
      ErrorStatistics: { ThrottleCount: 1, OtherCount: 0, TotalCount: 1 },
      FaultStatistics: { TotalCount: 0 },
    });
  });
});

/** In AWS's spelling, as the study has it. The wire shape of the answers is tested with the API. */
function asFixture(node: GraphNode): FixtureNode {
  const histogram = node.statistics.histogram.map(({ seconds, count }) => ({ Value: seconds, Count: count }));
  return {
    ReferenceId: node.reference,
    Name: node.name,
    Names: node.names,
    ...(node.isRoot && { Root: true }),
    ...(node.accountId !== undefined && { AccountId: node.accountId }),
    Type: node.type ?? "",
    State: node.inferred || node.isClient ? "unknown" : "active",
    StartTime: node.startSeconds,
    EndTime: node.endSeconds,
    Edges: node.edges.map(asFixtureEdge),
    ...(!node.isClient && {
      SummaryStatistics: asFixtureStatistics(node.statistics),
      DurationHistogram: histogram,
      ResponseTimeHistogram: histogram,
    }),
  };
}

function asFixtureEdge(edge: GraphEdge): FixtureEdge {
  return {
    ReferenceId: edge.to,
    StartTime: edge.startSeconds,
    EndTime: edge.endSeconds,
    SummaryStatistics: asFixtureStatistics(edge.statistics),
    ResponseTimeHistogram: edge.statistics.histogram.map(({ seconds, count }) => ({ Value: seconds, Count: count })),
    Aliases: edge.aliases,
  };
}

function asFixtureStatistics({ ok, error, throttle, fault, total, totalSeconds }: Statistics): FixtureStatistics {
  return {
    OkCount: ok,
    ErrorStatistics: { ThrottleCount: throttle, OtherCount: error, TotalCount: throttle + error },
    FaultStatistics: { OtherCount: fault, TotalCount: fault },
    TotalCount: total,
    TotalResponseTime: totalSeconds,
  };
}
