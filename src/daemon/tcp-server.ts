import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { endConnections } from "../end-connections.ts";
import { cameBack, viaHeader } from "../forward/returned-documents.ts";
import type { XrayApi } from "../forward/xray-api.ts";
import type { Log } from "../log.ts";
import { metricsContentType } from "../prometheus.ts";
import { shareConnections } from "../xray/fair-share.ts";
import { distrust, isLoopback } from "../xray/trust-caller.ts";
import { BodyReader } from "./body-reader.ts";
import { daemonMetrics } from "./daemon-metrics.ts";
import { type DaemonStatus, reasonsOf } from "./daemon-status.ts";
import { sendError, sendJson } from "./send-error.ts";
import { proxy } from "./signing-proxy.ts";
import type { Problems } from "./unprocessed-documents.ts";

/** The daemon's TCP side: how it fares, and everything else signed and passed on to the X-Ray API. */
export interface TcpServer {
  /** `host:port`, the port being the one that was taken. */
  readonly port: number;
  /** Lets requests under way finish, for so long. May be called twice. */
  close(patienceMs: number): Promise<void>;
}

export interface TcpServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** What requests are passed on to, at the moment of asking; `undefined`: there is none. */
  readonly api: () => XrayApi | undefined;
  /** Whether a call with that `viaHeader` has been here before: it is not passed on again. */
  readonly hasPassed?: (via: string | undefined) => boolean;
  /** Answers the calls that need no X-Ray API; `undefined` for others. */
  readonly answerLocally: AnswerLocally;
  readonly status: () => DaemonStatus;
  readonly problems: () => Problems;
  readonly log: Log;
}

export type AnswerLocally = (call: LocalCall) => Promise<LocalAnswer | undefined>;

interface LocalCall {
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
  readonly userAgent: string | undefined;
  readonly via: string | undefined;
}

interface LocalAnswer {
  readonly status: number;
  readonly errorType?: string;
  readonly body: object;
}

/** Fifty documents of 64 KB, escaped, and room for more; all requests together may hold this much of memory. */
const bodyBytes = { eachBytes: 16 * 2 ** 20, allBytes: 64 * 2 ** 20 };
const mostConnections = 1_024;

/** Opens the port. Rejects with the system's error when it cannot be had. */
export async function openTcpServer(options: TcpServerOptions): Promise<TcpServer> {
  const { host, port, log } = options;
  const bodies = new BodyReader(bodyBytes);
  // Whoever sends or reads slowly is given up on.
  const timeouts = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 };
  const server = createServer({ ...timeouts, connectionsCheckingInterval: 10_000 }, (request, response) => {
    answer(request, response, bodies, options).catch((error: unknown) => {
      // A client that has gone needs no answer, and is nobody's mistake.
      if (request.destroyed && !request.complete) return;
      log.error({ url: request.url, error: String(error) }, "answering a request failed");
      if (!response.headersSent) sendError(response, 500, "InternalFailure", "Something went wrong here.");
      else response.destroy();
    });
  });
  shareConnections(server, mostConnections);
  server.timeout = 120_000;
  const end = endConnections(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: host === "" ? undefined : host, backlog: 1_024 }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return { port: (server.address() as AddressInfo).port, close: end };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  bodies: BodyReader,
  options: TcpServerOptions,
): Promise<void> {
  const { host, api, answerLocally, hasPassed, status, problems } = options;
  const reason = whyRefused(request, host);
  if (reason !== undefined) return sendError(response, 403, "AccessDeniedException", reason);

  const [path, query = ""] = request.url!.split("?", 2) as [string, string?];
  if (!path.startsWith("/")) return sendError(response, 400, "InvalidRequestException", "The path must begin with /.");
  if (request.method === "GET" || request.method === "HEAD") {
    switch (path) {
      case "/healthz":
        return sendHealth(response, status(), new URLSearchParams(query).has("strict"));
      case "/metrics":
        response.writeHead(200, { "content-type": metricsContentType, "cache-control": "no-store" });
        response.end(daemonMetrics(status()));
        return;
      case "/api/status":
        return sendJson(response, 200, shownStatus(status()));
      case "/api/problems":
        return sendJson(response, 200, problems());
    }
  }

  const body = await bodies.read(request, response);
  if (body === "tooLarge") {
    const message = `The request is larger than ${bodyBytes.eachBytes} bytes. Send fewer documents at a time.`;
    return sendError(response, 413, "RequestEntityTooLargeException", message);
  }
  if (body === "tooMuch") {
    return sendError(response, 429, "ThrottledException", "Too much comes in at once. Come again in a moment.");
  }
  const via = request.headers[viaHeader]?.toString();
  const isBack = hasPassed?.(via) ?? false;
  const upstream = isBack ? undefined : api();
  if (upstream !== undefined) return proxy(request, response, { api: upstream, body });

  const call = { method: request.method!, path, body, userAgent: request.headers["user-agent"], via };
  const local = await answerLocally(call);
  if (local?.errorType !== undefined) response.setHeader("x-amzn-errortype", local.errorType);
  if (local !== undefined) return sendJson(response, local.status, local.body);
  if (isBack) return sendError(response, 508, "LoopDetectedException", cameBack.message);
  const names = status().waysOut.map(({ name }) => name);
  const message =
    `There is nobody to ask ${request.method} ${path}: this daemon sends to no X-Ray API, but to ${names.join(", ")}. ` +
    "Start it with --to aws as well, or with --to http://host:2000 for another fluoroscope.";
  return sendError(response, 404, "UnknownOperationException", message);
}

/** Histograms are for /metrics; JSON has no infinity either. */
function shownStatus({ waysOut, ...status }: DaemonStatus): object {
  return {
    ...status,
    waysOut: waysOut.map(({ figures: { latency: _, ...figures }, ...rest }) => ({ ...rest, figures })),
  };
}

/** Whoever reaches the port has its calls signed, so pages in a browser must not, however they got here. */
function whyRefused({ headers }: IncomingMessage, host: string): string | undefined {
  if (isLoopback(host)) return distrust(headers, host);
  // In a cluster we go by any name, but nothing here is for pages.
  return headers.origin === undefined ? undefined : "Requests from pages in a browser are refused.";
}

/**
 * A daemon that waits for its other side still does its work, which is to keep what comes in: it must be neither restarted
 * nor taken out of service for it. Whoever wants to know asks for `?strict`, and is told by the status.
 */
function sendHealth(response: ServerResponse, status: DaemonStatus, isStrict: boolean): void {
  const reasons = reasonsOf(status);
  const health = reasons.length === 0 ? { status: "ready" } : { status: "degraded", reasons };
  sendJson(response, isStrict && reasons.length > 0 ? 503 : 200, health);
}
