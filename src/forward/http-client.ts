import type { IncomingHttpHeaders } from "node:http";

export interface HttpRequest {
  readonly method: string;
  /** Names as they are sent. `Host` and `Content-Length` are added. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
  /** For the whole request, instead of the client's own. */
  readonly timeoutMs?: number | undefined;
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
 * answer, 500 too, resolves.
 */
export interface HttpClient {
  request(url: URL, request: HttpRequest): Promise<HttpAnswer>;
  /** Ends connections; requests under way are not waited for. May be called twice. */
  close(): Promise<void>;
}

export interface HttpClientOptions {
  /** `http(s)://[user:password@]host:port`; `https:` requests go through it by CONNECT. */
  readonly proxy?: string | undefined;
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
