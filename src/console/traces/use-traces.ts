import { keepPreviousData, type QueryClient, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { WireTraceSummary } from "../../api/wire.ts";
import { endsOf, type TimeSpan } from "../address/time-span.ts";
import { forgetArrived, useLive } from "../live/live-store.ts";
import { useFollow } from "./follow-store.ts";
import { mergeArrived, takeArrived } from "./merge-arrived.ts";
import { type PageParam, readPage } from "./read-page.ts";
import { inOrder, type TraceOrder } from "./trace-order.ts";

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
  /** Says whether the top of the list is looked at: only there may it follow. */
  readonly onTop: (isOnTop: boolean) => void;
}

interface Asked {
  readonly filter: string;
  readonly span: TimeSpan;
  readonly order: TraceOrder;
  readonly atSeconds: number;
  readonly gaps: number;
  /** What was taken in since, the newest first. */
  readonly taken: readonly WireTraceSummary[];
}

/** Whoever comes back so soon, as from one of its traces, finds the list as it was, and what came since waiting. */
const keptSeconds = 60;
/** More than anyone scrolls back through while following: then the list is asked for anew. */
const mostTaken = 1_000;

/** The traces that match, page by page, as of the moment when they were asked for; and what came since, when following. */
export function useTraces(filter: string, span: TimeSpan, order: TraceOrder): TraceList {
  const gaps = useLive((live) => live.gaps);
  const now = (): Asked => ({ filter, span, order, gaps, atSeconds: Date.now() / 1000, taken: [] });
  const client = useQueryClient();
  const [asked, setAsked] = useState(() => {
    const fresh = now();
    return { ...fresh, atSeconds: leftAt(client, fresh) ?? fresh.atSeconds };
  });
  const isSame = asked.filter === filter && asked.span === span && asked.order === order && asked.gaps === gaps;
  if (!isSame) setAsked(now);
  const [isOnTop, setOnTop] = useState(true);
  const arrived = useLive((live) => live.arrived);
  const follows = useFollow((follow) => follow.isOn) && isOnTop && order === "newest" && span.kind === "last";

  const query = useInfiniteQuery({
    queryKey: ["traces", filter, span, order, asked.atSeconds],
    queryFn: ({ pageParam, signal }) =>
      readPage({ ...endsOf(span, asked.atSeconds), filter, order }, pageParam, signal),
    initialPageParam: {} as PageParam,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    // A page belongs to its moment: it does not change by being asked for again.
    refetchOnMount: false,
    structuralSharing: false,
  });
  const loaded = query.data?.pages.flatMap((page) => page.traces) ?? [];
  const merged = mergeArrived(loaded, arrived, asked.taken);
  const { waiting } = merged;
  const traces = inOrder(merged.traces, order);

  const renew = (): void => {
    forgetArrived();
    setAsked(now);
  };
  const isSettled = query.isSuccess && !query.isPlaceholderData;
  const isWaitedFor = isSettled && waiting > 0 && (follows || traces.length === 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever something waits that is to be taken in
  useEffect(() => {
    if (!isWaitedFor) return;
    if (traces.length === 0 || asked.taken.length > mostTaken) renew();
    else setAsked({ ...asked, taken: takeArrived(asked.taken, loaded, arrived) });
  }, [isWaitedFor, arrived]);

  // A page may be empty and lead on all the same: nothing that was looked at for it fitted the filter.
  const isSearching = isSettled && traces.length === 0 && query.hasNextPage;
  const { fetchNextPage, isFetchingNextPage } = query;
  useEffect(() => {
    if (isSearching && !isFetchingNextPage) void fetchNextPage();
  }, [isSearching, isFetchingNextPage, fetchNextPage]);

  return {
    traces,
    waiting: follows ? 0 : waiting,
    isFirst: query.data === undefined || isSearching,
    isStale: query.isPlaceholderData,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    error: query.error,
    loadMore: () => void query.fetchNextPage(),
    renew,
    onTop: setOnTop,
  };
}

/** When the same list was asked for that was left a short while ago; `undefined` where it must be asked for anew. */
function leftAt(client: QueryClient, { filter, span, order, atSeconds }: Asked): number | undefined {
  return client
    .getQueryCache()
    .findAll({ queryKey: ["traces", filter, span, order] })
    .filter(({ state }) => state.status === "success" && !state.isInvalidated)
    .map(({ queryKey }) => Number(queryKey.at(-1)))
    .findLast((at) => atSeconds - at < keptSeconds);
}
