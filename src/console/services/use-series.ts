import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ServicesSeries } from "../../api/wire-services.ts";
import { endsOf, type TimeSpan } from "../address/time-span.ts";
import { get } from "../api-client.ts";
import { useLive } from "../live/live-store.ts";

/** Points of a sparkline. */
const points = 30;
const renewMs = 20_000;

/** Every service over time; `undefined` where the server does not tell. */
export function useSeries(filter: string, span: TimeSpan): ServicesSeries | undefined {
  const isFollowing = useLive((live) => live.isFollowing);
  const { data } = useQuery({
    queryKey: ["services-series", filter, span],
    queryFn: ({ signal }) => {
      const { startSeconds, endSeconds } = endsOf(span, Date.now() / 1000);
      const query = new URLSearchParams({
        start: String(startSeconds),
        end: String(endSeconds),
        points: String(points),
        ...(filter !== "" && { filter }),
      });
      return get<ServicesSeries>(`/api/services/series?${query}`, signal);
    },
    placeholderData: keepPreviousData,
    refetchInterval: span.kind === "last" && isFollowing ? renewMs : false,
  });
  return data;
}
