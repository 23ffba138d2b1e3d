import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ServicesSeries } from "../../api/wire-services.ts";
import { endsOf, type TimeSpan } from "../address/time-span.ts";
import { get } from "../api-client.ts";
import { useLive } from "../live/live-store.ts";
import { nodeKey } from "./map-view.ts";

/** Calls over time by the key of a service, each from 0 to 1 of its most. */
export type Sparks = ReadonlyMap<string, readonly number[]>;

const points = 30;
const renewMs = 20_000;

/** How often each service was called over time, where that is added up already: of all traces, not of those of a filter. */
export function useSparks(span: TimeSpan, isWanted: boolean): Sparks | undefined {
  const isFollowing = useLive((live) => live.isFollowing);
  const { data } = useQuery({
    queryKey: ["services-series", "", span],
    queryFn: ({ signal }) => {
      const { startSeconds, endSeconds } = endsOf(span, Date.now() / 1000);
      const query = new URLSearchParams({
        start: String(startSeconds),
        end: String(endSeconds),
        points: String(points),
      });
      return get<ServicesSeries>(`/api/services/series?${query}`, signal);
    },
    enabled: isWanted,
    // A server that has no such thing is not asked again.
    retry: false,
    placeholderData: keepPreviousData,
    refetchInterval: span.kind === "last" && isFollowing ? renewMs : false,
  });
  return useMemo(() => (isWanted && data !== undefined ? sparksOf(data) : undefined), [isWanted, data]);
}

/** The series as shares of the most of each. */
export function sparksOf({ services }: ServicesSeries): Sparks {
  return new Map(
    services.map(({ name, type, accountId, total }) => {
      const most = Math.max(1, ...total);
      return [
        nodeKey({ name, ...(type !== undefined && { type }), ...(accountId !== undefined && { accountId }) }),
        total.map((calls) => calls / most),
      ];
    }),
  );
}
