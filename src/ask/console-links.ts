import type { Server } from "./ask-server.ts";

type Named = Pick<Server, "endpoint">;

/** Where the console shows a trace; with a segment's id, that one selected. */
export function traceLink({ endpoint }: Named, id: string, segmentId?: string): string {
  return withSearch(`${endpoint}/trace/${id}`, { segment: segmentId });
}

/** Where the console compares two traces. */
export function compareLink({ endpoint }: Named, a: string, b: string): string {
  return withSearch(`${endpoint}/compare`, { a, b });
}

/** Where the console shows a page through a filter, for the last so many seconds. */
export function pageLink(
  { endpoint }: Named,
  page: string,
  { filter, sinceSeconds }: { readonly filter?: string | undefined; readonly sinceSeconds?: number } = {},
): string {
  return withSearch(`${endpoint}/${page}`, {
    filter,
    range: sinceSeconds === undefined ? undefined : spanText(Math.round(sinceSeconds)),
  });
}

function spanText(seconds: number): string {
  if (seconds % 3_600 === 0) return `${seconds / 3_600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

function withSearch(url: string, words: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, word] of Object.entries(words)) if (word !== undefined) search.set(name, word);
  return search.size === 0 ? url : `${url}?${search}`;
}
