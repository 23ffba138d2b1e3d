import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { GetServiceGraphResponse, GetTraceSummariesResponse } from "../../api/wire.ts";
import type { CompletionData } from "../../filter/complete.ts";
import { useLive } from "../live/live-store.ts";
import { completionData } from "./completion-data.ts";

/** What this page has loaded so far, as far as completion can use it. */
export function readCompletionData(client: QueryClient): CompletionData {
  const graphs = client
    .getQueriesData<GetServiceGraphResponse>({ queryKey: ["graph"] })
    .flatMap(([, graph]) => graph ?? []);
  const pages = client
    .getQueriesData<InfiniteData<GetTraceSummariesResponse>>({ queryKey: ["traces"] })
    .flatMap(([, list]) => list?.pages ?? []);
  const summaries = [...pages.flatMap((page) => page.TraceSummaries), ...useLive.getState().arrived.values()];
  return completionData(graphs, summaries);
}
