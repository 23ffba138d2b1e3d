import { useQuery } from "@tanstack/react-query";
import { type SpanTree, spanTree } from "../../analysis/span-tree.ts";
import { readTraceDocuments } from "../api-client.ts";
import { readTrace } from "./read-trace.ts";

/** A trace as its page shows it. */
export interface LoadedTrace {
  readonly id: string;
  readonly revision: number;
  readonly documents: readonly string[];
  readonly tree: SpanTree;
}

/** A trace in progress is looked at again so often, in case the live stream is not there to tell. */
const partialMs = 2_000;
/** Who has been silent for so long will not finish. */
const silentSeconds = 600;

/** The trace with that id; `null` when there is none. It renews itself while work on it goes on. */
export function useTrace(id: string): { trace: LoadedTrace | null | undefined; error: Error | null } {
  const { data, error } = useQuery({
    queryKey: ["trace", id],
    queryFn: async ({ signal }): Promise<LoadedTrace | null> => {
      const found = await readTraceDocuments(id, signal);
      return found === undefined ? null : { ...found, tree: spanTree(readTrace(found)) };
    },
    structuralSharing: false,
    refetchInterval: ({ state }) => {
      const tree = state.data?.tree;
      return tree?.isPartial && Date.now() / 1000 - tree.endSeconds < silentSeconds ? partialMs : false;
    },
  });
  return { trace: data, error };
}
