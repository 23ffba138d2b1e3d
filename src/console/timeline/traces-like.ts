import { shortUrl } from "../../analysis/short-url.ts";
import type { Skeleton } from "../../analysis/skeleton.ts";
import type { TraceSegmentDetails } from "../../api/wire.ts";
import { quoteText } from "../../filter/format.ts";

/** A search that a person might want to go on with. */
export interface Search {
  readonly label: string;
  readonly filter: string;
}

/** Traces that entered as this one did: the same request, and the same way of failing. */
export function likeTrace({ words }: Pick<Skeleton, "words">): string {
  const { method, title, service, state } = words;
  const path = shortUrl(title).split(/[?#]/)[0]!;
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(title);
  return [
    service === "" ? undefined : `service(${quoteText(service)})`,
    method === undefined ? undefined : `http.method = ${quoteText(method)}`,
    isUrl && path !== "/" ? `http.url CONTAINS ${quoteText(path)}` : undefined,
    state === "ok" ? undefined : state,
  ]
    .filter((part) => part !== undefined)
    .join(" AND ");
}

/** What to look for from one row on. */
export function likeSegment({ segment, service, kind }: TraceSegmentDetails): Search[] {
  const searches: Search[] = [
    { label: `Traces through ${service}`, filter: `service(${quoteText(service)})` },
    { label: `… that failed there`, filter: `service(${quoteText(service)}) { fault }` },
  ];
  const { http, cause, user } = segment;
  if (http?.url !== undefined && kind === "segment") {
    searches.push({ label: "Traces of this URL", filter: `http.url = ${quoteText(http.url)}` });
  }
  const message = cause?.exceptions[0]?.message;
  if (message !== undefined && message !== "") {
    const family = segment.fault ? "fault" : "error";
    const filter = `rootcause.${family}.exception { message = ${quoteText(message)} }`;
    searches.push({ label: "Traces with this exception", filter });
  }
  if (user !== undefined) searches.push({ label: `Traces of ${user}`, filter: `user = ${quoteText(user)}` });
  return searches;
}
