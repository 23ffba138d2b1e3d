import type { Log } from "../log.ts";
import type { HttpAnswer, HttpClient } from "./http-client.ts";

export interface XrayApiRequest {
  readonly method: string;
  /** With its query, as `/TraceSegments`. */
  readonly path: string;
  /** Sent beside those that signing and HTTP need; connection-level and mesh headers are left out. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: Uint8Array;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** An X-Ray service API: AWS's, which wants signatures, or another fluoroscope's. */
export interface XrayApi {
  /** `aws eu-central-1`, or the origin of its URL. */
  readonly name: string;
  readonly endpoint: URL;
  /** Answers whatever the API answers, of any status; rejects with a `ForwardError` when nothing came or nothing could be signed. */
  request(request: XrayApiRequest): Promise<HttpAnswer>;
  /** May be called twice. */
  close(): Promise<void>;
}

export interface XrayApiOptions {
  readonly name: string;
  readonly endpoint: URL;
  readonly http: HttpClient;
  readonly userAgent: string;
  readonly log: Log;
  /** Milliseconds. */
  readonly now?: () => number;
}
