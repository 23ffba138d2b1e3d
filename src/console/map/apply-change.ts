import type { GetServiceGraphResponse, WireHistogramEntry, WireService, WireStatistics } from "../../api/wire.ts";
import type { NodeId } from "../../trace/trace.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { edgeKey, type MapEdge, type MapNode, type MapView, nodeKey } from "./map-view.ts";
import { nodeKind } from "./node-kind.ts";

/**
 * Turns a graph that was asked for after a change into the next view of the map. Services are known by what they are, not
 * by their number in the answer; each says whether it is new, has changed, or is as it was. Answers the view of before
 * when nothing has changed, so that nothing is drawn in vain.
 */
export function applyChange(before: MapView | undefined, graph: GetServiceGraphResponse): MapView {
  const windowSeconds = coveredSeconds(graph);
  const keys = new Map(graph.Services.map((service) => [service.ReferenceId, nodeKey(nodeId(service), service.Part)]));
  const nodesBefore = new Map(before?.nodes.map((node) => [node.key, node]));
  const edgesBefore = new Map(before?.edges.map((edge) => [edge.key, edge]));

  const nodes = graph.Services.map((service) => readNode(service, nodesBefore, windowSeconds));
  const edges: MapEdge[] = [];
  for (const service of graph.Services) {
    const from = keys.get(service.ReferenceId)!;
    for (const edge of service.Edges) {
      const to = keys.get(edge.ReferenceId);
      // AWS spreads nodes over pages: an edge may lead to one that is not on this page.
      if (to === undefined) continue;
      const isLink = edge.EdgeType === "link";
      const key = edgeKey(from, to, isLink);
      const figures = readFigures(edge.SummaryStatistics, edge.ResponseTimeHistogram, windowSeconds);
      const aliases = edge.Aliases.map((alias) => alias.Name);
      edges.push(settle(edgesBefore.get(key), { key, from, to, isLink, figures, aliases, change: "new" }));
    }
  }

  const isSame =
    before !== undefined &&
    before.nodes.length === nodes.length &&
    before.edges.length === edges.length &&
    [...nodes, ...edges].every((each) => each.change === "same");
  return isSame ? before : { nodes, edges, groups: [], windowSeconds, revision: (before?.revision ?? 0) + 1 };
}

function readNode(service: WireService, before: ReadonlyMap<string, MapNode>, windowSeconds: number): MapNode {
  const id = nodeId(service);
  const key = nodeKey(id, service.Part);
  const { SummaryStatistics: statistics, ResponseTimeHistogram: histogram = [] } = service;
  const figures = statistics && readFigures(statistics, histogram, windowSeconds);
  return settle(before.get(key), {
    key,
    id,
    ...(service.Part !== undefined && { part: service.Part }),
    kind: nodeKind(id),
    isRoot: service.Root === true,
    isInferred: service.State === "unknown" && id.type !== "client",
    ...(figures !== undefined && { figures }),
    change: "new",
  });
}

/**
 * What is as it was stays the same object, so that what was drawn of it need not be drawn again. (Its rate may have grown
 * a little old by that.)
 */
function settle<Part extends MapNode | MapEdge>(before: Part | undefined, now: Part): Part {
  if (before === undefined) return now;
  if (isChanged(before.figures, now.figures)) return { ...now, change: "changed" };
  return before.change === "same" ? before : { ...now, change: "same" };
}

function nodeId({ Name, Type, AccountId }: WireService): NodeId {
  return { name: Name, ...(Type && { type: Type }), ...(AccountId !== undefined && { accountId: AccountId }) };
}

function isChanged(then: Figures | undefined, now: Figures | undefined): boolean {
  if (then === undefined || now === undefined) return then !== now;
  return (
    then.ok !== now.ok ||
    then.error !== now.error ||
    then.throttle !== now.throttle ||
    then.fault !== now.fault ||
    then.meanSeconds !== now.meanSeconds ||
    // Rates fall while nothing happens: what is shown may not grow too old.
    now.perSecond < then.perSecond * 0.9
  );
}

function readFigures(
  statistics: WireStatistics,
  wireHistogram: readonly WireHistogramEntry[],
  windowSeconds: number,
): Figures {
  // AWS promises no order.
  const histogram = wireHistogram
    .map(({ Value, Count }) => ({ seconds: Value, count: Count }))
    .sort((a, b) => a.seconds - b.seconds);
  return figuresOf(
    {
      ok: statistics.OkCount,
      error: statistics.ErrorStatistics.OtherCount,
      throttle: statistics.ErrorStatistics.ThrottleCount,
      fault: statistics.FaultStatistics.TotalCount,
      ...(statistics.EstimatedCount !== undefined && { estimated: statistics.EstimatedCount }),
      totalSeconds: statistics.TotalResponseTime,
      histogram,
    },
    windowSeconds,
  );
}

/** A store that has only just been started has not seen the whole range: its first minute is not divided by an hour. */
function coveredSeconds({ StartTime, EndTime, Services }: GetServiceGraphResponse): number {
  const first = Services.reduce((least, service) => Math.min(least, service.StartTime), EndTime);
  return Math.max(60, EndTime - Math.max(StartTime, first));
}
