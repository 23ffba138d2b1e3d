import { expect, it } from "vitest";
import { serviceGraph } from "../../src/graph/build-graph.ts";
import type { GraphEdge, GraphNode, Statistics } from "../../src/graph/service-graph.ts";
import { apiFixtures, type FixtureEdge, type FixtureNode, type FixtureStatistics } from "../fixtures/api-fixtures.ts";
import { fixtureDigests } from "../fixtures/digests.ts";

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
