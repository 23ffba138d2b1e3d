import { useQuery } from "@tanstack/react-query";
import { type SpanTree, spanTree } from "../../analysis/span-tree.ts";
import { readTraceDocuments } from "../api-client.ts";
import { readTrace } from "../timeline/read-trace.ts";

/** A trace to be compared; `null` when there is none of that id, `undefined` while it is on its way or not chosen. */
export function useComparedTrace(id: string): { tree: SpanTree | null | undefined; error: Error | null } {
  const { data, error } = useQuery({
    queryKey: ["trace", id, "compared"],
    queryFn: async ({ signal }): Promise<SpanTree | null> => {
      const found = await readTraceDocuments(id, signal);
      return found === undefined ? null : spanTree(readTrace(found));
    },
    structuralSharing: false,
    enabled: id !== "",
  });
  return { tree: id === "" ? undefined : data, error };
}
