import type { TraceSegment } from "../../trace/trace.ts";
import { answerGraph } from "../assemble-large.ts";
import { type Operation, operation } from "../operation.ts";
import { pageOf } from "../paging.ts";
import { findRetrieval, type RetrievedTrace, retrievalStatus, retrievalToken, retrievedTraces } from "../retrievals.ts";
import { object, optional, text } from "../validate.ts";
import { wireGraph } from "../wire-graph.ts";

const request = object({ RetrievalToken: retrievalToken, NextToken: optional(text()) });

const nodesAPage = 1_000;
const mostLinks = 100;

/** The graph of what a retrieval has brought, and each node's links to other traces. */
export const getRetrievedTracesGraph: Operation<"settings" | "store" | "now"> = operation({
  name: "GetRetrievedTracesGraph",
  path: "/GetRetrievedTracesGraph",
  access: "read",
  request,
  async run(members, { settings, store, now }) {
    const retrieval = findRetrieval(await settings.read(), members.RetrievalToken, now() / 1000);
    const traces = await retrievedTraces(retrieval, store);
    const services = traces.length === 0 ? [] : wireGraph(await answerGraph(traces.map(({ stored }) => stored)));
    const links = linksByNode(traces);
    const withLinks = services.map((Service) => ({
      Service,
      Links: (links.get(keyOf(Service.Name, Service.Type)) ?? []).slice(0, mostLinks),
    }));
    const { items, next } = pageOf("GetRetrievedTracesGraph", withLinks, members, nodesAPage);
    return { RetrievalStatus: retrievalStatus(retrieval), Services: items, ...next };
  },
});

interface WireLink {
  readonly ReferenceType: string;
  readonly SourceTraceId: string;
  readonly DestinationTraceIds: readonly string[];
}

function linksByNode(traces: readonly RetrievedTrace[]): ReadonlyMap<string, readonly WireLink[]> {
  const links = new Map<string, WireLink[]>();
  for (const { trace } of traces) {
    for (const segment of trace.segments) {
      const key = keyOf(segment.node.name, segment.node.type);
      const own = linksOf(segment, trace.id);
      if (own.length > 0) links.set(key, [...(links.get(key) ?? []), ...own]);
    }
  }
  return links;
}

/** One entry for each kind of reference, as AWS gathers them. */
function linksOf({ links = [] }: TraceSegment, traceId: string): WireLink[] {
  const kinds = new Map<string, Set<string>>();
  for (const { traceId: to, attributes } of links) {
    const kind = String(attributes?.["aws.xray.reserved.reference_type"] ?? "parent");
    kinds.set(kind, (kinds.get(kind) ?? new Set()).add(to));
  }
  return [...kinds].map(([ReferenceType, to]) => ({
    ReferenceType,
    SourceTraceId: traceId,
    DestinationTraceIds: [...to],
  }));
}

function keyOf(name: string, type: string | undefined): string {
  return JSON.stringify([name, type]);
}
