import type { Skeleton, TraceWords } from "./skeleton.ts";
import type { SpanTree } from "./span-tree.ts";

/** More rows would help nobody: the first ones are shown, and how many are left. */
const mostRows = 250_000;

/** The skeleton of a tree. */
export function skeletonOf(
  tree: SpanTree,
  { id, revision }: { readonly id: string; readonly revision: number },
): Skeleton {
  const { rows, ...columns } = tree;
  const count = Math.min(rows.length, mostRows);
  return { ...columns, count, id, revision, words: traceWords(tree), left: rows.length - count };
}

/** What a trace is about: what its entry says. A client's own segment knows the URL by the call it made. */
export function traceWords({ rows }: Pick<SpanTree, "rows">): TraceWords {
  const entry = rows.find((row) => !row.isOrphan) ?? rows[0];
  const speaking = entry?.segment.http === undefined ? rows.find((row) => row.segment.http?.url !== undefined) : entry;
  const http = speaking?.segment.http;
  const status = entry?.segment.http?.status ?? http?.status;
  return {
    ...(http?.method !== undefined && { method: http.method }),
    title: http?.url ?? entry?.segment.name ?? "Trace",
    ...(status !== undefined && { status }),
    state: entry?.state ?? "ok",
    service: entry?.service ?? "",
  };
}
