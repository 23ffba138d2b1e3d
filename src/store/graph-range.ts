import type { GraphQuery } from "./trace-store.ts";

/** From this length on an unfiltered graph is answered in whole minutes. */
const longSeconds = 600;

/** Whether the range is long enough to be answered from figures per minute. */
export const isLong = ({ startSeconds, endSeconds }: GraphQuery): boolean => endSeconds - startSeconds >= longSeconds;

/** The range an unfiltered graph is answered for: short ones as asked, longer ones widened to whole minutes. */
export function graphRange(query: GraphQuery): { readonly startSeconds: number; readonly endSeconds: number } {
  const { startSeconds, endSeconds } = query;
  if (query.filter !== undefined || !isLong(query)) return { startSeconds, endSeconds };
  return { startSeconds: Math.floor(startSeconds / 60) * 60, endSeconds: Math.ceil(endSeconds / 60) * 60 };
}
