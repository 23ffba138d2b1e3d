import type { HttpAnswer, HttpClient, HttpRequest } from "./http-client.ts";
import { passedThrough, viaHeader } from "./returned-documents.ts";

export interface XrayApiRequest {
  readonly method: string;
  /** With its query, as `/TraceSegments`. */
  readonly path: string;
  /** By lower-case name. Only those that an X-Ray API reads are sent; what meshes and proxies have added is left out. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: Uint8Array;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** A longer answer counts as broken. */
  readonly maxAnswerBytes?: number | undefined;
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

/** Sends one request: plainly, or signed. */
export type Send = (url: URL, request: HttpRequest) => Promise<HttpAnswer>;

export interface XrayApiOptions {
  readonly name: string;
  readonly endpoint: URL;
  /** Closed with the API. */
  readonly http: HttpClient;
  /** Instead of sending without a signature. */
  readonly send?: Send | undefined;
  /** Of requests that do not bring their own. */
  readonly userAgent: string;
  /** Names this fluoroscope to another one there, see `ReturnedDocuments`; AWS is not told. */
  readonly id?: string | undefined;
}

/**
 * All that is passed on. A header that a mesh changes on the way would break its signature, and one that belongs to the
 * client's connection means nothing on ours.
 */
const passedOn = ["accept", "content-type", "user-agent", "x-amzn-xray-timestamp", "x-forwarded-for"] as const;

/** Opens nothing before the first request. */
export function openXrayApi({ name, endpoint, http, userAgent, id, send = http.request }: XrayApiOptions): XrayApi {
  const base = `${endpoint.protocol}//${userOf(endpoint)}${endpoint.host}${endpoint.pathname.replace(/\/+$/, "")}`;
  return {
    name,
    endpoint,
    request({ path, headers = {}, ...request }) {
      const passed: Record<string, string> = {};
      for (const header of passedOn) {
        const value = headers[header] ?? (header === "user-agent" ? userAgent : undefined);
        if (value !== undefined) passed[header] = value;
      }
      if (id !== undefined) passed[viaHeader] = passedThrough(headers[viaHeader], id);
      // One slash between the two: no path can lead to another host.
      return send(new URL(`${base}/${path.replace(/^\/+/, "")}`), { ...request, headers: passed });
    },
    close: () => http.close(),
  };
}

function userOf({ username, password }: URL): string {
  return username === "" && password === "" ? "" : `${username}:${password}@`;
}
