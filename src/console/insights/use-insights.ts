import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { GetGroupsResponse, WireGroup } from "../../api/wire.ts";
import type { WireImpactGraph, WireInsight, WireInsightEvent } from "../../api/wire-insights.ts";
import { endsOf, type TimeSpan } from "../address/time-span.ts";
import { post } from "../api-client.ts";

/** The insights of a time, and the groups that are watched for them. */
export interface Insights {
  readonly insights: readonly WireInsight[];
  readonly groups: readonly WireGroup[];
}

const renewMs = 15_000;

/** The insights of all groups that were active in a time, newest first. */
export function useInsights(span: TimeSpan): { data: Insights | undefined; error: Error | null } {
  const { data, error } = useQuery({
    queryKey: ["insights", span],
    queryFn: async ({ signal }): Promise<Insights> => {
      const { Groups: groups } = await post<GetGroupsResponse>("/Groups", {}, { signal });
      const { startSeconds, endSeconds } = endsOf(span, Date.now() / 1000);
      const answers = await Promise.all(
        groups.map(({ GroupName }) =>
          post<{ InsightSummaries: readonly WireInsight[] }>(
            "/InsightSummaries",
            { GroupName, StartTime: startSeconds, EndTime: endSeconds },
            { signal },
          ),
        ),
      );
      const insights = answers.flatMap(({ InsightSummaries }) => InsightSummaries);
      return { groups, insights: insights.sort((a, b) => b.StartTime - a.StartTime) };
    },
    placeholderData: keepPreviousData,
    refetchInterval: renewMs,
  });
  return { data, error };
}

/** One insight, whatever time the page looks at. */
export function useInsight(id: string): { data: WireInsight | undefined; error: Error | null } {
  const { data, error } = useQuery({
    queryKey: ["insight", id],
    queryFn: async ({ signal }) =>
      (await post<{ Insight: WireInsight }>("/Insight", { InsightId: id }, { signal })).Insight,
    refetchInterval: renewMs,
  });
  return { data, error };
}

/** What happened to an insight, newest first. */
export function useInsightEvents(id: string): readonly WireInsightEvent[] | undefined {
  const { data } = useQuery({
    queryKey: ["insight-events", id],
    queryFn: async ({ signal }) =>
      (await post<{ InsightEvents: readonly WireInsightEvent[] }>("/InsightEvents", { InsightId: id }, { signal }))
        .InsightEvents,
    refetchInterval: renewMs,
  });
  return data;
}

/** X-Ray's longest graph. */
const mostSeconds = 6 * 3_600;

/** The services that an insight has to do with, in its last hours. */
export function useImpactGraph({ InsightId, StartTime, EndTime }: WireInsight): WireImpactGraph | undefined {
  const { data } = useQuery({
    queryKey: ["insight-graph", InsightId, EndTime],
    queryFn: ({ signal }) => {
      const end = (EndTime ?? Date.now() / 1000) + 60;
      const start = Math.max(StartTime - 60, end - mostSeconds);
      return post<WireImpactGraph>("/InsightImpactGraph", { InsightId, StartTime: start, EndTime: end }, { signal });
    },
  });
  return data;
}
