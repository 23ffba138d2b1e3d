import { LiveGraph } from "../graph/live-graph.ts";
import type { Log } from "../log.ts";
import type { TraceDigest } from "../trace/digest.ts";
import type { StoreChange } from "./trace-store.ts";

/** Whoever follows live cannot look at more anyway. */
export const mostDigests = 200;

/** What an append changed, for those who follow; nothing when it changed nothing. */
export function changeOf(
  versions: readonly { readonly before: { readonly digest: TraceDigest } | undefined; readonly digest: TraceDigest }[],
): StoreChange | undefined {
  if (versions.length === 0) return undefined;
  const graph = new LiveGraph();
  for (const { before, digest } of versions) graph.fold(before?.digest, digest);
  const digests = versions.map(({ digest }) => digest).sort((a, b) => b.startSeconds - a.startSeconds);
  return {
    digests: digests.slice(0, mostDigests),
    truncated: digests.length > mostDigests,
    graph: graph.takeChange(),
  };
}

/** What the removal of traces changed. */
export function removalOf(digests: readonly TraceDigest[]): StoreChange | undefined {
  if (digests.length === 0) return undefined;
  const graph = new LiveGraph();
  for (const digest of digests) graph.fold(digest, undefined);
  return { digests: [], truncated: false, graph: graph.takeChange(), hasRemoved: true };
}

/** What it is to those who follow when everything was removed. */
export const allRemoved: StoreChange = {
  digests: [],
  truncated: false,
  graph: { minutes: [], nodes: [], edges: [] },
  hasRemoved: true,
};

/** Tells all who listen. What one of them does wrong is its own affair: what was appended is kept all the same. */
export function tell(
  listeners: Iterable<(change: StoreChange) => void>,
  change: StoreChange | undefined,
  log: Log,
): void {
  if (change === undefined) return;
  for (const listener of listeners) {
    try {
      listener(change);
    } catch (error) {
      log.error({ error: String(error) }, "a listener of the store failed");
    }
  }
}
