import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Connections, type Route } from "./connections.ts";
import { AnswerTooLargeError, explainFailure, TimeoutError } from "./explain-failure.ts";
import { basicAuthorization, ProxyError } from "./proxy.ts";
import { ForwardError } from "./way-out.ts";

export interface HttpRequest {
  readonly method: string;
  /** Names as they are sent. `Host` and `Content-Length` are added. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For the whole request, instead of the client's own. */
  readonly timeoutMs?: number | undefined;
  /** Instead of the client's own. */
  readonly maxAnswerBytes?: number | undefined;
}

/** An answer of any status. */
export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name, as node:http reads them. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * HTTP/1.1 with kept connections, proxies and limits. A request that gets no answer rejects with a `ForwardError`; every
 * answer, 500 too, resolves. Once a request has settled, its body may be overwritten.
 */
export interface HttpClient {
  request(url: URL, request: HttpRequest): Promise<HttpAnswer>;
  /** Ends connections; requests under way are not waited for. May be called twice. */
  close(): Promise<void>;
}

export interface HttpClientOptions {
  /** For every request: `http(s)://[user:password@]host:port`; `https:` goes through it by CONNECT. */
  readonly proxy?: string | undefined;
  /** For `https:` alone, where `proxy` is not given: what `HTTPS_PROXY` says. */
  readonly httpsProxy?: string | undefined;
  /** Hosts that are asked directly, as `NO_PROXY` lists them. */
  readonly noProxy?: string | undefined;
  readonly verifyTls?: boolean | undefined;
  /** PEM certificates of authorities that are trusted beside the usual ones. */
  readonly ca?: string | undefined;
  /** For a whole request, from asking to the last byte of the answer. */
  readonly timeoutMs?: number | undefined;
  /** Most connections to one host at a time; further requests wait for one. */
  readonly maxSockets?: number | undefined;
  /** A larger answer is cut off and counts as broken. */
  readonly maxAnswerBytes?: number | undefined;
}

/**
 * The original gives a batch 2 s, after which it is sent again or lost. A request of 1 MB over a slow line needs longer,
 * and a server that answers late has often taken what it got: waiting costs less than sending it twice.
 */
const defaultTimeoutMs = 15_000;

/** Opens nothing before the first request. Throws FLUORO_BAD_CONFIG for a proxy address that cannot be read. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { timeoutMs = defaultTimeoutMs, maxSockets = 16, maxAnswerBytes = 32 * 2 ** 20 } = options;
  const connections = new Connections({ ...options, timeoutMs, maxSockets });
  let isClosed = false;
  return {
    async request(url, request) {
      const limits: Limits = {
        timeoutMs: request.timeoutMs ?? timeoutMs,
        startedMs: performance.now(),
        maxAnswerBytes: request.maxAnswerBytes ?? maxAnswerBytes,
      };
      try {
        if (isClosed) throw stopped(url);
        const route = await connections.route(url);
        return await exchange(route, url, request, limits).catch((error: unknown) => {
          if (error instanceof StaleConnectionError || error instanceof TimeoutError) connections.dropIdle();
          if (isClosed || !(error instanceof StaleConnectionError)) throw error;
          return exchange(route, url, request, limits);
        });
      } catch (error) {
        throw explainFailure(error instanceof StaleConnectionError ? error.cause : error, url);
      }
    },
    async close() {
      isClosed = true;
      connections.close();
    },
  };
}

interface Limits {
  readonly timeoutMs: number;
  readonly startedMs: number;
  readonly maxAnswerBytes: number;
}

/**
 * A kept connection was closed by the other side just before, or while, it was used again. Nothing is wrong with the
 * other side, so the request goes out once more, at once, on a connection that is new.
 */
class StaleConnectionError extends Error {
  constructor(cause: Error) {
    super("The kept connection is dead", { cause });
  }
}

function exchange(
  route: Route,
  url: URL,
  request: HttpRequest,
  { timeoutMs, startedMs, maxAnswerBytes }: Limits,
): Promise<HttpAnswer> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(stopped(url));
      return;
    }
    const target = url.pathname + url.search;
    const outgoing = route.request({
      ...route.options,
      agent: route.agent,
      method: request.method,
      path: route.proxy === undefined ? target : `http://${url.host}${target}`,
      // As a list, so that they are sent as they are written here.
      headers: headerList(route, url, request),
    });
    let hasAnswer = false;
    const leftMs = Math.max(1, startedMs + timeoutMs - performance.now());
    const timer = setTimeout(() => fail(new TimeoutError(timeoutMs)), leftMs);
    const abort = (): void => fail(stopped(url));
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    const fail = (error: Error): void => {
      settle();
      const isStale = !hasAnswer && outgoing.reusedSocket && isReset(error);
      outgoing.destroy();
      reject(isStale ? new StaleConnectionError(error) : error);
    };
    signal?.addEventListener("abort", abort);
    // Stays: a request that was given up may still report how it ended.
    outgoing.on("error", fail);
    outgoing.once("response", (incoming) => {
      hasAnswer = true;
      readBody(incoming, maxAnswerBytes, fail, (body) => {
        settle();
        // Answered before all of it was sent: the rest is of no use, and its memory is about to be used again.
        if (!outgoing.writableFinished) outgoing.destroy();
        const { statusCode: status = 0, headers } = incoming;
        const wantsUser = route.proxy !== undefined && status === 407;
        if (wantsUser) reject(new ProxyError(route.proxy, "wants to know who asks", { status }));
        else resolve({ status, headers, body });
      });
    });
    outgoing.end(request.body);
  });
}

function readBody(
  incoming: IncomingMessage,
  maxBytes: number,
  fail: (error: Error) => void,
  done: (body: Buffer) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) fail(new AnswerTooLargeError(maxBytes));
    else chunks.push(chunk);
  });
  incoming.on("error", fail);
  incoming.once("end", () => done(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
}

function headerList({ proxy }: Route, url: URL, { method, headers = {}, body }: HttpRequest): string[] {
  const list = ["Host", url.host, "Connection", "keep-alive"];
  if (body !== undefined || method !== "GET") list.push("Content-Length", String(body?.length ?? 0));
  const proxyUser = proxy && basicAuthorization(proxy);
  if (proxyUser !== undefined) list.push("Proxy-Authorization", proxyUser);
  const user = basicAuthorization(url);
  if (user !== undefined && !("authorization" in headers)) list.push("Authorization", user);
  for (const name in headers) list.push(name, headers[name]!);
  return list;
}

function isReset(error: Error): boolean {
  return "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
}

function stopped(url: URL): ForwardError {
  return new ForwardError(`The request to ${url.host} was stopped. It is sent again later.`, {
    kind: "other",
    advice: "retry",
  });
}
