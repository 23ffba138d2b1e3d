import type { Counters, GetServiceGraphResponse, WireTraceSummary } from "../../api/wire.ts";

/** The steps from nothing to a map, and which of them are behind us. */
export interface Progress {
  readonly isReached: boolean;
  readonly isParsed: boolean;
  readonly hasTrace: boolean;
  readonly hasDownstream: boolean;
}

/** How far the first run has come, by what the server counts and the graph shows. */
export function progressOf(
  counters: Counters | undefined,
  traces: readonly WireTraceSummary[],
  graph: GetServiceGraphResponse | undefined,
): Progress {
  const isClient = (reference: number): boolean =>
    graph?.Services.find((service) => service.ReferenceId === reference)?.Type === "client";
  const hasCall =
    graph?.Services.some((service) => service.Edges.length > 0 && !isClient(service.ReferenceId)) ?? false;
  const hasTrace = traces.length > 0;
  return {
    isReached: (counters?.received ?? 0) > 0 || hasTrace,
    isParsed: (counters?.stored ?? 0) > 0 || hasTrace,
    hasTrace,
    hasDownstream: hasCall,
  };
}
