import type { GraphEdge, GraphNode, HistogramEntry, ServiceGraph, Statistics } from "../graph/service-graph.ts";
import type { NodeId } from "../trace/trace.ts";
import type { ServiceId, WireEdge, WireHistogramEntry, WireService, WireStatistics } from "./wire.ts";

/** A service graph in AWS's spelling. Times are whole seconds, as AWS has them. */
export function wireGraph(graph: ServiceGraph): WireService[] {
  return graph.nodes.map(wireNode);
}

/** Counters in AWS's spelling: all of them, always, since clients read them without a guard. */
export function wireStatistics(statistics: Statistics): WireStatistics {
  const { ok, error, throttle, fault, total, estimated, totalSeconds } = statistics;
  return {
    OkCount: ok,
    ErrorStatistics: { ThrottleCount: throttle, OtherCount: error, TotalCount: error + throttle },
    FaultStatistics: { OtherCount: fault, TotalCount: fault },
    TotalCount: total,
    TotalResponseTime: totalSeconds,
    ...(estimated !== undefined && { EstimatedCount: estimated }),
  };
}

/** Durations in AWS's spelling. */
export function wireHistogram(histogram: readonly HistogramEntry[]): WireHistogramEntry[] {
  return histogram.map(({ seconds, count }) => ({ Value: seconds, Count: count }));
}

/** A node's identity in AWS's spelling. */
export function wireServiceId(node: NodeId & { readonly names?: readonly string[] }): ServiceId {
  const { name, names = [name], type, accountId } = node;
  return {
    Name: name,
    Names: names,
    ...(type !== undefined && { Type: type }),
    ...(accountId !== undefined && { AccountId: accountId }),
  };
}

function wireNode(node: GraphNode): WireService {
  const { accountId, type, statistics } = node;
  const histogram = wireHistogram(statistics.histogram);
  return {
    ReferenceId: node.reference,
    Name: node.name,
    Names: node.names,
    ...(node.isRoot && { Root: true }),
    ...(accountId !== undefined && { AccountId: accountId }),
    ...(type !== undefined && { Type: type }),
    State: node.isClient || node.inferred ? "unknown" : "active",
    StartTime: Math.floor(node.startSeconds),
    EndTime: Math.floor(node.endSeconds),
    Edges: node.edges.map(wireEdge),
    ...(!node.isClient && {
      SummaryStatistics: wireStatistics(statistics),
      DurationHistogram: histogram,
      ResponseTimeHistogram: histogram,
    }),
  };
}

function wireEdge(edge: GraphEdge): WireEdge {
  return {
    ReferenceId: edge.to,
    ...(edge.kind !== undefined && { EdgeType: edge.kind }),
    StartTime: Math.floor(edge.startSeconds),
    EndTime: Math.floor(edge.endSeconds),
    SummaryStatistics: wireStatistics(edge.statistics),
    // Nobody waited for the work that a link leads to: X-Ray says how long the work had waited instead.
    ResponseTimeHistogram: edge.kind === "link" ? [] : wireHistogram(edge.statistics.histogram),
    ...(edge.ages !== undefined && { ReceivedEventAgeHistogram: wireHistogram(edge.ages) }),
    Aliases: edge.aliases.map(({ name, type }) => ({
      Name: name,
      Names: [name],
      ...(type !== undefined && { Type: type }),
    })),
  };
}
