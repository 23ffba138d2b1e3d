import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Facet } from "../../analysis/facet.ts";
import type { Overview } from "../../analysis/overview.ts";
import { endsOf, type TimeSpan } from "../address/time-span.ts";
import { readOverview } from "../filter-bar/read-overview.ts";
import { useLive } from "../live/live-store.ts";
import { afterList } from "./after-list.ts";

/** As fine as the picture is drawn, and a minute of an hour is two columns. */
const columns = 120;
const valuesAFacet = 12;

export interface Glance {
  readonly overview: Overview | undefined;
  /** What is shown belongs to another filter or time; the answer is on its way. */
  readonly isStale: boolean;
  readonly error: Error | null;
}

/** How many traces match, when they began and how long they took: all of them, whatever the list has loaded. */
export function useHeatmap(filter: string, span: TimeSpan): Glance {
  return useGlance("heatmap", filter, span, { columns });
}

/** What the matching traces have in common. Costs more, and is asked apart so that nothing waits for it. */
export function useFacets(filter: string, span: TimeSpan): Glance & { readonly facets: readonly Facet[] } {
  const glance = useGlance("facets", filter, span, { values: valuesAFacet });
  return { ...glance, facets: glance.overview?.facets ?? [] };
}

/** Between two askings, and so many times as long as one took. */
const shortestRestMs = 2_000;
const restShare = 8;

interface Timed {
  readonly overview: Overview;
  readonly tookMs: number;
}

function useGlance(
  kind: "heatmap" | "facets",
  filter: string,
  span: TimeSpan,
  wanted: { readonly columns?: number; readonly values?: number },
): Glance {
  const client = useQueryClient();
  const isFollowing = useLive((live) => live.isFollowing);
  const queryKey = ["overview", kind, filter, span];
  const { data, error, isPlaceholderData }: UseQueryResult<Timed> = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<Timed> => {
      await afterList(client);
      const isFirst = client.getQueryData(queryKey) === undefined;
      const startedMs = performance.now();
      const onPartial = (overview: Overview): void => {
        // Once there is a whole answer, half of the next one would only make figures jump.
        if (isFirst && !signal.aborted) client.setQueryData(queryKey, { overview, tookMs: 0 });
      };
      const asked = { ...endsOf(span, Date.now() / 1000), filter, ...wanted };
      return { overview: await readOverview(asked, { signal, onPartial }), tookMs: performance.now() - startedMs };
    },
    placeholderData: (before) => before,
    structuralSharing: false,
    refetchInterval: ({ state }) => {
      if (span.kind !== "last" || !isFollowing) return false;
      return Math.max(shortestRestMs, (state.data?.tookMs ?? 0) * restShare);
    },
  });
  return { overview: data?.overview, isStale: isPlaceholderData, error };
}
