import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { Skeleton } from "../../analysis/skeleton.ts";
import { readTraceDocuments } from "../api-client.ts";
import { Failure } from "../ui/failure.tsx";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { RawDocuments } from "./raw-documents.tsx";

/** The documents of a trace, which are read when somebody wants to see them. */
export function RawTab({ trace }: { trace: Skeleton }): ReactElement {
  const { data, error } = useQuery({
    queryKey: ["trace-documents", trace.id, trace.revision],
    queryFn: async ({ signal }) => (await readTraceDocuments(trace.id, signal))?.documents ?? [],
    placeholderData: (before) => before,
    structuralSharing: false,
    gcTime: 10_000,
  });
  if (data !== undefined) return <RawDocuments documents={data} />;
  return error === null ? <SkeletonRows /> : <Failure error={error} what="The documents cannot be read" />;
}
