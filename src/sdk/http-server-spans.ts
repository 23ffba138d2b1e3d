import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Attributes, defaultTextMapGetter, ROOT_CONTEXT, type Span, SpanKind, trace } from "@opentelemetry/api";
import type { AsyncContextManager } from "./async-context-manager.ts";
import { callerOf } from "./caller.ts";
import type { XRayPropagator } from "./xray-propagator.ts";
import type { XRayTracer } from "./xray-tracer.ts";

export interface HttpServerParts {
  readonly tracer: XRayTracer;
  readonly propagator: XRayPropagator;
  readonly manager: AsyncContextManager;
}

const requestStart = "http.server.request.start";

/** Gives each request that an HTTP server of this process answers a span. Answers how to stop. */
export function traceHttpServers(parts: HttpServerParts): () => void {
  const onStart = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    startRequest(request, response, parts);
  };
  subscribe(requestStart, onStart);
  return () => unsubscribe(requestStart, onStart);
}

/** The channel speaks just before the server's listeners run, in the same call: what is entered here is theirs. */
function startRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { tracer, propagator, manager }: HttpServerParts,
): void {
  const within = propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter);
  const method = request.method ?? "GET";
  const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes: attributesOf(request, method) }, within);
  manager.enter(trace.setSpan(within, span));
  const caller = callerOf(within);
  if (caller?.sampled === "?") tellDecision(response, span);
  if (span.isRecording()) response.once("close", () => endRequest(request, response, span, method));
}

function attributesOf(request: IncomingMessage, method: string): Attributes {
  const { socket, headers } = request;
  const url = request.url ?? "/";
  const query = url.indexOf("?");
  const scheme = "encrypted" in socket ? "https" : "http";
  const attributes: Attributes = {
    "http.request.method": method,
    "url.scheme": scheme,
    "url.path": query < 0 ? url : url.slice(0, query),
  };
  if (query >= 0) attributes["url.query"] = url.slice(query + 1);
  if (headers.host !== undefined) addHost(attributes, headers.host);
  const peer = socket.remoteAddress;
  if (peer !== undefined) attributes["network.peer.address"] = peer;
  const client = forwardedFor(headers["x-forwarded-for"]) ?? peer;
  if (client !== undefined) attributes["client.address"] = client;
  const agent = headers["user-agent"];
  if (agent !== undefined) attributes["user_agent.original"] = agent;
  return attributes;
}

function addHost(attributes: Attributes, host: string): void {
  const port = /:(\d{1,5})$/.exec(host)?.[1];
  attributes["server.address"] = port === undefined ? host : host.slice(0, -port.length - 1);
  if (port !== undefined) attributes["server.port"] = Number(port);
}

function forwardedFor(header: string | readonly string[] | undefined): string | undefined {
  const text = typeof header === "string" ? header : header?.[0];
  return text?.split(",")[0]?.trim() || undefined;
}

/** Who sent `Sampled=?` wants to hear what was decided. */
function tellDecision(response: ServerResponse, span: Span): void {
  const { traceId } = span.spanContext();
  const root = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
  response.setHeader("X-Amzn-Trace-Id", `Root=${root};Sampled=${span.isRecording() ? 1 : 0}`);
}

function endRequest(request: IncomingMessage, response: ServerResponse, span: Span, method: string): void {
  const { statusCode } = response;
  if (response.headersSent) span.setAttribute("http.response.status_code", statusCode);
  const length = Number(response.getHeader("content-length"));
  if (length >= 0) span.setAttribute("http.response.body.size", length);
  const route = routeOf(request);
  if (route !== undefined) span.setAttribute("http.route", route).updateName(`${method} ${route}`);
  if (!response.writableFinished) span.setAttribute("error.type", "aborted");
  if (statusCode >= 500) span.setStatus({ code: 2 });
  span.end();
}

/** Express leaves the route that answered at the request. */
function routeOf(request: IncomingMessage): string | undefined {
  const { route, baseUrl } = request as { route?: { path?: unknown }; baseUrl?: unknown };
  if (typeof route?.path !== "string") return undefined;
  return typeof baseUrl === "string" ? baseUrl + route.path : route.path;
}
