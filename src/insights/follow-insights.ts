import type { ServiceGraph } from "../graph/service-graph.ts";
import type { NodeId } from "../trace/trace.ts";
import { describeActive, describeClosed } from "./describe-insight.ts";
import { type Anomaly, findAnomalies, type NodeHistory, nodeKey } from "./find-anomalies.ts";
import { addImpacts, clientImpact, nodeImpact, noImpact } from "./impact.ts";
import type { Insight } from "./insight.ts";

/** A group as it is watched: what is usual for its nodes, and what is not any more. */
export interface Watch {
  readonly groupName: string;
  readonly histories: ReadonlyMap<string, NodeHistory>;
  readonly active: readonly Following[];
}

/** An insight that is active, and for how many minutes it has been quiet. */
export interface Following {
  readonly insight: Insight;
  readonly quietMinutes: number;
}

export interface Followed {
  readonly watch: Watch;
  /** New, changed or closed by this minute. */
  readonly changed: readonly Insight[];
}

/** So long faults must stay in their band before the insight is closed. */
const minutesToClose = 5;
/** An insight that goes on for days keeps its beginning and its newest events. */
const mostEvents = 100;

/** Takes one minute's graph in: opens, grows and closes insights. Pure: ids are made by the caller. */
export function followInsights(watch: Watch, graph: ServiceGraph, newId: () => string): Followed {
  const { histories, anomalies } = findAnomalies(graph, watch.histories);
  const changed: Insight[] = [];
  const active: Following[] = [];
  const left = new Set(anomalies);
  for (const following of watch.active) {
    const anomaly = [...left].find((each) => concerns(each, following.insight));
    if (anomaly !== undefined) left.delete(anomaly);
    const next = follow(following, anomaly, graph);
    if (next.insight.state === "ACTIVE") active.push(next);
    if (next.insight !== following.insight) changed.push(next.insight);
  }
  for (const anomaly of left) {
    const insight = open(anomaly, watch.groupName, graph, newId());
    active.push({ insight, quietMinutes: 0 });
    changed.push(insight);
  }
  return { watch: { ...watch, histories, active }, changed };
}

function concerns({ nodes }: Anomaly, { anomalous }: Insight): boolean {
  const known = new Set(anomalous.map(nodeKey));
  return nodes.some((node) => known.has(nodeKey(node)));
}

function open(anomaly: Anomaly, groupName: string, graph: ServiceGraph, id: string): Insight {
  const rootCause = identity(anomaly.rootCause);
  const facts = {
    rootCause,
    anomalous: anomaly.nodes.map(identity),
    clientImpact: clientImpact(graph, rootCause),
    rootCauseImpact: nodeImpact(graph, rootCause),
  };
  const insight: Insight = {
    id,
    groupName,
    state: "ACTIVE",
    startSeconds: graph.startSeconds,
    updatedSeconds: graph.endSeconds,
    ...facts,
    summary: describeActive(facts),
    events: [],
  };
  return withEvent(insight, graph.endSeconds);
}

function follow({ insight, quietMinutes }: Following, anomaly: Anomaly | undefined, graph: ServiceGraph): Following {
  if (anomaly !== undefined) {
    const rootCause = identity(anomaly.rootCause);
    const facts = {
      rootCause,
      anomalous: union(anomaly.nodes.map(identity), insight.anomalous),
      clientImpact: addImpacts(insight.clientImpact, clientImpact(graph, rootCause)),
      rootCauseImpact: addImpacts(insight.rootCauseImpact, nodeImpact(graph, rootCause)),
    };
    const grown = { ...insight, ...facts, updatedSeconds: graph.endSeconds, summary: describeActive(facts) };
    return { insight: isNotable(insight, grown) ? withEvent(grown, graph.endSeconds) : grown, quietMinutes: 0 };
  }
  const quiet = quietMinutes + 1;
  if (quiet < minutesToClose) return { insight, quietMinutes: quiet };
  // It ended when the quiet began.
  const endSeconds = graph.endSeconds - minutesToClose * 60;
  const summary = describeClosed(insight, endSeconds - insight.startSeconds);
  const closed: Insight = { ...insight, state: "CLOSED", endSeconds, updatedSeconds: graph.endSeconds, summary };
  return { insight: withEvent(closed, graph.endSeconds), quietMinutes: quiet };
}

/** Another cause, another service, or twice as many failed requests of clients since the last event. */
function isNotable(before: Insight, after: Insight): boolean {
  const last = before.events.at(-1)?.clientImpact ?? noImpact;
  return (
    nodeKey(before.rootCause) !== nodeKey(after.rootCause) ||
    before.anomalous.length !== after.anomalous.length ||
    after.clientImpact.fault >= 2 * Math.max(last.fault, 1)
  );
}

function withEvent(insight: Insight, atSeconds: number): Insight {
  const { summary, anomalous, clientImpact, rootCauseImpact, events } = insight;
  const all = [...events, { atSeconds, summary, anomalous, clientImpact, rootCauseImpact }];
  return { ...insight, events: all.length > mostEvents ? [all[0]!, ...all.slice(1 - mostEvents)] : all };
}

function union(newer: readonly NodeId[], older: readonly NodeId[]): NodeId[] {
  const known = new Set(newer.map(nodeKey));
  return [...newer, ...older.filter((node) => !known.has(nodeKey(node)))];
}

function identity({ name, type, accountId }: NodeId): NodeId {
  return { name, ...(type !== undefined && { type }), ...(accountId !== undefined && { accountId }) };
}
