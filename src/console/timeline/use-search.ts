import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Skeleton } from "../../analysis/skeleton.ts";
import { searchTrace } from "./read-skeleton.ts";

/** Who types on waits no longer than this. */
const pauseMs = 90;
const none: readonly number[] = [];

/** The rows of a trace in which all words of a text stand, in whatever field; none for an empty text. */
export function useSearch(trace: Skeleton, text: string): { rows: readonly number[]; isPending: boolean } {
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  const isAsked = asked.trim() !== "";
  const { data, isFetching } = useQuery({
    queryKey: ["trace-search", trace.id, trace.revision, asked],
    queryFn: ({ signal }) => searchTrace(trace, asked, signal),
    enabled: isAsked,
    placeholderData: (before) => before,
    gcTime: 10_000,
  });
  const isWanted = text.trim() !== "";
  // Rows are counted in the form of the trace that they were found in.
  const isFitting = data?.revision === trace.revision;
  return {
    rows: isWanted && isAsked && isFitting ? data.rows : none,
    isPending: isWanted && (isFetching || asked !== text),
  };
}
