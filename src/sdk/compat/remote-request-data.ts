import type { ClientRequest, IncomingMessage } from "node:http";
import { segmentUtils } from "./segment-utils.ts";
import { stripQueryStringFromPath } from "./strip-query-string.ts";

/** The `http` of a call: what was asked, without the query, and how it was answered. */
export function remoteRequestData(
  request: ClientRequest,
  response: IncomingMessage | null | undefined,
): { request: object; response?: object } {
  return {
    request: { url: urlOf(request), method: request.method || "" },
    ...(response && { response: segmentUtils.getHttpResponseData(response) }),
  };
}

function urlOf(request: ClientRequest): string {
  const { agent } = request as { agent?: { protocol?: string } };
  // The header has the port where it does not go without saying; the request's own host never has it.
  const host = request.getHeader("host") ?? request.host;
  const protocol = agent?.protocol ?? request.protocol;
  return protocol && host ? `${protocol}//${host}${stripQueryStringFromPath(request.path)}` : "";
}

/** What `fetch` answers, as far as it is told. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers?: { get(name: string): string | null };
}

/** The same of a call that was made with `fetch`. */
export function fetchRequestData(
  { url, method = "" }: { readonly url: string | URL; readonly method?: string },
  answer: FetchAnswer | null | undefined,
): { request: object; response?: object } {
  const length = Number.parseInt(answer?.headers?.get("content-length") ?? "", 10);
  return {
    request: { url: stripQueryStringFromPath(String(url)), method },
    ...(answer && { response: { status: answer.status, ...(length >= 0 && { content_length: length }) } }),
  };
}
