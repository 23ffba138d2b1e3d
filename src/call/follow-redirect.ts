import { type HttpRequest, headerValue, type ResponseHead } from "./exchange.ts";

/** The way went in a circle, or nearly. */
export class RedirectError extends Error {
  readonly code = "TOO_MANY_REDIRECTS";

  constructor(limit: number) {
    super(`Redirected more than ${limit} times`);
    this.name = "RedirectError";
  }
}

/** What belongs to the first host alone, and must not be shown to another one. */
const personal = new Set(["authorization", "cookie", "proxy-authorization"]);
const ofTheBody = new Set(["content-length", "content-type", "content-encoding"]);

/**
 * The request that a redirect asks for, by curl's rules; `undefined` when the response is none. After 301, 302 and 303
 * a POST becomes a GET, unless the method was chosen by hand; 307 and 308 repeat the request as it is.
 */
export function followRedirect(
  request: HttpRequest,
  head: ResponseHead,
  options: { keepMethod: boolean },
): HttpRequest | undefined {
  const location = headerValue(head.headers, "location");
  if (![301, 302, 303, 307, 308].includes(head.status) || location === undefined) return undefined;
  if (!URL.canParse(location, request.url.href)) return undefined;
  const url = new URL(location, request.url);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  url.hash = "";

  const isRepeated = head.status === 307 || head.status === 308;
  const losesBody = !isRepeated && request.body !== undefined;
  const becomesGet = losesBody && !options.keepMethod;
  const isElsewhere = url.origin !== request.url.origin;
  const headers: [string, string][] = [];
  for (const [name, value] of request.headers) {
    const known = name.toLowerCase();
    if ((losesBody && ofTheBody.has(known)) || (isElsewhere && personal.has(known))) continue;
    headers.push([name, isElsewhere && known === "host" ? url.host : value]);
  }
  if (losesBody && !becomesGet) headers.push(["Content-Length", "0"]);
  return {
    url,
    method: becomesGet ? "GET" : request.method,
    headers,
    ...(request.body && !losesBody && { body: request.body }),
  };
}
