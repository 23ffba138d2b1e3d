import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Overview } from "../../analysis/overview.ts";
import type { GetTimeSeriesServiceStatisticsResponse } from "../../api/wire.ts";
import { endsOf } from "../address/time-span.ts";
import { get, post } from "../api-client.ts";
import { checkFilter } from "../filter-bar/check-filter.ts";
import type { SetSide } from "./compare-address.ts";
import { type SetFigures, setFigures } from "./set-figures.ts";

/** One side of a comparison of sets. */
export interface LoadedSet {
  readonly figures: SetFigures | undefined;
  readonly overview: Overview | undefined;
  readonly error: Error | null;
}

/** Values of each attribute that are compared. */
const mostValues = 50;
/** X-Ray's longest period. */
const longestSeconds = 86_400;

/** A set's figures and what its traces have in common, as of the moment when it was chosen. */
export function useSet({ filter, span }: SetSide): LoadedSet {
  const [asked, setAsked] = useState({ filter, text: JSON.stringify(span), atSeconds: Date.now() / 1000 });
  if (asked.filter !== filter || asked.text !== JSON.stringify(span)) {
    setAsked({ filter, text: JSON.stringify(span), atSeconds: Date.now() / 1000 });
  }
  const { startSeconds, endSeconds } = endsOf(span, asked.atSeconds);
  const key = [filter, startSeconds, endSeconds];
  const enabled = checkFilter(filter) === undefined;
  const figures = useQuery({
    queryKey: ["set-figures", ...key],
    queryFn: async ({ signal }) => {
      const body = {
        StartTime: startSeconds,
        EndTime: endSeconds,
        Period: Math.min(longestSeconds, Math.max(60, Math.ceil((endSeconds - startSeconds) / 60) * 60)),
        ...(filter !== "" && { FilterExpression: filter }),
      };
      return setFigures(
        await post<GetTimeSeriesServiceStatisticsResponse>("/TimeSeriesServiceStatistics", body, { signal }),
      );
    },
    enabled,
  });
  const overview = useQuery({
    queryKey: ["set-overview", ...key],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({
        start: String(startSeconds),
        end: String(endSeconds),
        values: String(mostValues),
        ...(filter !== "" && { filter }),
      });
      return get<Overview>(`/api/overview?${query}`, signal);
    },
    enabled,
  });
  return { figures: figures.data, overview: overview.data, error: figures.error ?? overview.error };
}
