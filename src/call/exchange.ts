import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { isIP, type Socket } from "node:net";
import { decodeBody } from "./decode-body.ts";
import type { Marks, Way } from "./phases.ts";
import { warmUp } from "./warm-up.ts";

/** Names and values in order; a name may stand more than once. */
export type Headers = readonly (readonly [name: string, value: string])[];

export interface HttpRequest {
  readonly url: URL;
  readonly method: string;
  /** All that is sent, `Host` and `Content-Length` included. */
  readonly headers: Headers;
  readonly body?: Uint8Array;
}

export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  readonly httpVersion: string;
  readonly headers: Headers;
}

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** One request and what came of it. A failure may come before the head or while the body is read. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly head?: ResponseHead;
  readonly failure?: Error;
  readonly marks: Marks;
  readonly way: Way;
  /** Bytes of the body as they came, before decoding. */
  readonly receivedBytes: number;
  readonly remote?: Endpoint;
  readonly local?: Endpoint;
}

export interface ExchangeOptions {
  readonly now: () => number;
  /** When the exchange began, if not now. */
  readonly startMs?: number;
  /** Aborting ends the exchange with the signal's reason as its failure. */
  readonly signal?: AbortSignal;
  /** For DNS, TCP and TLS together. */
  readonly connectTimeoutMs?: number;
  /** Accept any certificate. */
  readonly insecure?: boolean;
  /** Keeps connections for later exchanges. Absent: a connection of its own. */
  readonly agents?: Agents;
  /** The encodings that we asked for are decoded; those that the caller asked for are left alone. */
  readonly decode: boolean;
  readonly onHead?: (head: ResponseHead) => void;
  /** Decoded pieces of the body. The next one is not read before this one is done. */
  readonly onBody?: (chunk: Uint8Array) => Promise<void> | void;
}

export interface Agents {
  readonly http: Agent;
  readonly https: Agent;
}

/** Something took longer than the caller allows. */
export class TimeoutError extends Error {
  readonly code = "ETIMEDOUT";
  readonly limitMs: number;

  constructor(what: string, limitMs: number) {
    super(`${what} took longer than ${limitMs / 1_000} s`);
    this.name = "TimeoutError";
    this.limitMs = limitMs;
  }
}

/** Loads the code that the URL needs, and warms it up. Done before the clock starts, it is not taken for slow DNS. */
export async function loadTransport(url: URL): Promise<{ request: (options: RequestOptions) => ClientRequest }> {
  await warmUp();
  return url.protocol === "https:" ? import("node:https") : import("node:http");
}

/** Sends one HTTP/1.1 request and reads its response. Resolves in any case: a failure is part of the answer. */
export async function exchange(request: HttpRequest, options: ExchangeOptions): Promise<Exchange> {
  const isTls = request.url.protocol === "https:";
  const host = request.url.hostname.replace(/^\[(.*)\]$/, "$1");
  const marks: { -readonly [K in keyof Marks]: Marks[K] } = { start: options.startMs ?? options.now(), end: 0 };
  let head: ResponseHead | undefined;
  let failure: Error | undefined;
  let receivedBytes = 0;
  let socket: Socket | undefined;
  let outgoing: ClientRequest | undefined;
  let connectTimer: NodeJS.Timeout | undefined;
  const abort = (): void => void outgoing?.destroy(options.signal?.reason);

  try {
    options.signal?.throwIfAborted();
    const { request: open } = await loadTransport(request.url);
    outgoing = open(requestOptions(request, host, isTls, options));
    if (options.connectTimeoutMs !== undefined) {
      const error = new TimeoutError("Connecting", options.connectTimeoutMs);
      connectTimer = setTimeout(() => outgoing?.destroy(error), options.connectTimeoutMs);
    }
    options.signal?.addEventListener("abort", abort);
    outgoing.once("socket", (given: Socket) => {
      socket = given;
      if (outgoing?.reusedSocket) {
        clearTimeout(connectTimer);
        return;
      }
      given.once("lookup", (error: Error | null) => {
        if (!error) marks.resolved = options.now();
      });
      given.once("connect", () => {
        marks.connected = options.now();
        if (!isTls) clearTimeout(connectTimer);
      });
      given.once("secureConnect", () => {
        marks.secured = options.now();
        clearTimeout(connectTimer);
      });
    });
    const response = await answer(outgoing, request.body);
    marks.firstByte = options.now();
    head = readHead(response);
    options.onHead?.(head);
    const packed = counted(response, (bytes) => {
      receivedBytes += bytes;
    });
    const encoding = options.decode ? response.headers["content-encoding"] : undefined;
    for await (const chunk of decodeBody(packed, encoding)) await options.onBody?.(chunk);
  } catch (error) {
    // Once a response is there, Node tells of an abort as of any broken connection.
    const cause: unknown = options.signal?.aborted ? options.signal.reason : error;
    failure = cause instanceof Error ? cause : new Error(String(cause));
    outgoing?.destroy();
  } finally {
    clearTimeout(connectTimer);
    options.signal?.removeEventListener("abort", abort);
  }
  marks.end = options.now();
  const { remote, local } = endpoints(socket);
  return {
    request,
    ...(head && { head }),
    ...(failure && { failure }),
    marks,
    way: { isNamed: isIP(host) === 0, isTls, isReused: outgoing?.reusedSocket ?? false },
    receivedBytes,
    ...(remote && { remote }),
    ...(local && { local }),
  };
}

function requestOptions(request: HttpRequest, host: string, isTls: boolean, options: ExchangeOptions): RequestOptions {
  const { url, method, headers } = request;
  const agent = isTls ? options.agents?.https : options.agents?.http;
  return {
    host,
    port: url.port || (isTls ? 443 : 80),
    path: url.pathname + url.search,
    method,
    // As a flat list, so that order, spelling and repeated names are sent as they are. Bytes, as curl sends them.
    headers: headers.flatMap(([name, value]) => [name, Buffer.from(value).toString("latin1")]),
    agent: agent ?? false,
    ...(isTls && { rejectUnauthorized: !options.insecure, servername: isIP(host) === 0 ? host : "" }),
  };
}

function answer(outgoing: ClientRequest, body: Uint8Array | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once("response", resolve);
    // Stays: a connection may break after the response, and that is seen where the body is read.
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function* counted(response: IncomingMessage, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    count(chunk.length);
    yield chunk;
  }
}

function readHead(response: IncomingMessage): ResponseHead {
  const { statusCode, statusMessage, httpVersion, rawHeaders } = response;
  const headers: [string, string][] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) headers.push([rawHeaders[i]!, rawHeaders[i + 1]!]);
  return { status: statusCode!, statusText: statusMessage ?? "", httpVersion, headers };
}

function endpoints(socket: Socket | undefined): { remote?: Endpoint; local?: Endpoint } {
  if (socket?.remoteAddress === undefined) return {};
  return {
    remote: { address: socket.remoteAddress, port: socket.remotePort! },
    local: { address: socket.localAddress ?? "", port: socket.localPort ?? 0 },
  };
}

/** The value of a header, by its name in any spelling; the first where there are several. */
export function headerValue(headers: Headers, name: string): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
}
