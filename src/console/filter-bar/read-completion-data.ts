import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { GetServiceGraphResponse, WireTraceSummary } from "../../api/wire.ts";
import type { CompletionData } from "../../filter/complete.ts";
import { useLive } from "../live/live-store.ts";
import { completionData, withFacets } from "./completion-data.ts";
import type { KnownData } from "./use-known-data.ts";

/** What completion can use: what this page has loaded so far, and what the server says of all the data. */
export function readCompletionData(client: QueryClient, known: KnownData): CompletionData {
  const graphs = client
    .getQueriesData<GetServiceGraphResponse>({ queryKey: ["graph"] })
    .flatMap(([, graph]) => graph ?? []);
  const pages = client
    .getQueriesData<InfiniteData<{ readonly traces: readonly WireTraceSummary[] }>>({ queryKey: ["traces"] })
    .flatMap(([, list]) => list?.pages ?? []);
  const summaries = [...pages.flatMap(({ traces }) => traces), ...useLive.getState().arrived.values()];
  return withFacets(completionData(graphs, summaries), known);
}
