import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { WireTraceSummary } from "../../api/wire.ts";
import { endsOf, type TimeSpan } from "../address/time-span.ts";
import { readSummaries } from "../api-client.ts";
import { forgetArrived, useLive } from "../live/live-store.ts";
import { mergeArrived } from "./merge-arrived.ts";

export interface TraceList {
  readonly traces: readonly WireTraceSummary[];
  readonly waiting: number;
  readonly isFirst: boolean;
  readonly isStale: boolean;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly error: Error | null;
  readonly loadMore: () => void;
  /** Takes in what has come in meanwhile. */
  readonly renew: () => void;
}

/** The traces that match, newest first, page by page, as of the moment when they were asked for. */
export function useTraces(filter: string, span: TimeSpan): TraceList {
  const [asked, setAsked] = useState({ filter, span, atSeconds: Date.now() / 1000 });
  if (asked.filter !== filter || asked.span !== span) setAsked({ filter, span, atSeconds: Date.now() / 1000 });
  const arrived = useLive((live) => live.arrived);

  const query = useInfiniteQuery({
    queryKey: ["traces", filter, span, asked.atSeconds],
    queryFn: ({ pageParam, signal }) => {
      const range = endsOf(span, asked.atSeconds);
      return readSummaries({ ...range, filter, ...(pageParam !== undefined && { nextToken: pageParam }) }, signal);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.NextToken,
    placeholderData: keepPreviousData,
    // A page belongs to its moment: it does not change by being asked for again, but for a gap in the live stream.
    refetchOnMount: false,
    structuralSharing: false,
  });
  const loaded = query.data?.pages.flatMap((page) => page.TraceSummaries) ?? [];
  const { traces, waiting } = mergeArrived(loaded, arrived);

  const renew = (): void => {
    forgetArrived();
    setAsked({ filter, span, atSeconds: Date.now() / 1000 });
  };
  const isWaitedFor = query.isSuccess && !query.isPlaceholderData && traces.length === 0 && waiting > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the first ones come in on an empty list
  useEffect(() => {
    if (isWaitedFor) renew();
  }, [isWaitedFor]);

  // A page may be empty and lead on all the same: nothing that was looked at for it fitted the filter.
  const isSearching = query.isSuccess && !query.isPlaceholderData && traces.length === 0 && query.hasNextPage;
  const { fetchNextPage, isFetchingNextPage } = query;
  useEffect(() => {
    if (isSearching && !isFetchingNextPage) void fetchNextPage();
  }, [isSearching, isFetchingNextPage, fetchNextPage]);

  return {
    traces,
    waiting,
    isFirst: query.data === undefined || isSearching,
    isStale: query.isPlaceholderData,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    error: query.error,
    loadMore: () => void query.fetchNextPage(),
    renew,
  };
}
