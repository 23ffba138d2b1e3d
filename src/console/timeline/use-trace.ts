import { useQuery } from "@tanstack/react-query";
import type { Skeleton } from "../../analysis/skeleton.ts";
import { readSkeleton } from "./read-skeleton.ts";
import { silentSeconds } from "./trace-words.ts";

/** A trace in progress is looked at again so often, in case the live stream is not there to tell. */
const partialMs = 2_000;

/** The trace with that id; `null` when there is none. It renews itself while work on it goes on. */
export function useTrace(id: string): { trace: Skeleton | null | undefined; error: Error | null } {
  const { data, error } = useQuery({
    queryKey: ["trace", id],
    queryFn: async ({ signal, client, queryKey }): Promise<Skeleton | null> => {
      const read = (await readSkeleton(id, signal)) ?? null;
      const known = client.getQueryData<Skeleton | null>(queryKey);
      // The same revision is the same trace: nothing that was worked out of it is thrown away.
      return known && read && isSame(known, read) ? known : read;
    },
    structuralSharing: false,
    // Large traces are not kept for long by a page that nobody looks at.
    gcTime: 10_000,
    refetchInterval: ({ state }) => {
      const trace = state.data;
      return trace?.isPartial && Date.now() / 1000 - trace.endSeconds < silentSeconds ? partialMs : false;
    },
  });
  return { trace: data, error };
}

function isSame(one: Skeleton, other: Skeleton): boolean {
  return one.revision === other.revision && one.count === other.count && one.endSeconds === other.endSeconds;
}
