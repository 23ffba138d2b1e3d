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
  const range = sinceSeconds === undefined ? undefined : `${Math.round(sinceSeconds)}s`;
  return withSearch(`${endpoint}/${page}`, { filter, range });
}

function withSearch(url: string, words: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, word] of Object.entries(words)) if (word !== undefined) search.set(name, word);
  return search.size === 0 ? url : `${url}?${search}`;
}
