import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { errorMonitor } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import { type Attributes, context, type Span, SpanKind } from "@opentelemetry/api";
import { withSpan } from "./context-with-span.ts";
import { isRuntimeCall } from "./lambda.ts";
import { lazyHttp } from "./lazy-builtins.ts";
import { isSuppressed } from "./suppressed.ts";
import type { XRayPropagator } from "./xray-propagator.ts";
import type { XRayTracer } from "./xray-tracer.ts";

export interface HttpClientParts {
  readonly tracer: XRayTracer;
  readonly propagator: XRayPropagator;
}

const created = "http.client.request.created";
/** Named so by Node: it speaks when the response's head is there. */
const answered = "http.client.response.finish";

const spans = new WeakMap<ClientRequest, Span>();

/** Gives each request that is made with `node:http` or `node:https` a span, and a trace header. Answers how to stop. */
export function traceHttpClients(parts: HttpClientParts): () => void {
  const onCreated = (message: unknown): void => startCall((message as { request: ClientRequest }).request, parts);
  const onAnswered = (message: unknown): void => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    const span = spans.get(request);
    if (span !== undefined) takeResponse(response, span);
  };
  const stop = publishesCreated() ? listen(created, onCreated) : patchCreated(onCreated);
  subscribe(answered, onAnswered);
  return () => {
    stop();
    unsubscribe(answered, onAnswered);
  };
}

function listen(channel: string, listener: (message: unknown) => void): () => void {
  subscribe(channel, listener);
  return () => unsubscribe(channel, listener);
}

/** Node tells of requests before their head is sent since 22.12. */
function publishesCreated(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 23 || (major === 23 && minor >= 2) || (major === 22 && minor >= 12);
}

interface HeadWriter {
  _storeHeader(firstLine: string, headers: unknown): void;
}

/** Before that, there is one place that each request comes through, of `http` and `https`, when its head is written. */
function patchCreated(onCreated: (message: { request: ClientRequest }) => void): () => void {
  const prototype = lazyHttp().ClientRequest.prototype as unknown as HeadWriter;
  const original = prototype._storeHeader;
  prototype._storeHeader = function (this: ClientRequest & HeadWriter, ...args) {
    original.apply(this, args);
    onCreated({ request: this });
  };
  return () => {
    prototype._storeHeader = original;
  };
}

function startCall(request: ClientRequest, { tracer, propagator }: HttpClientParts): void {
  const within = context.active();
  if (isSuppressed(within)) return;
  const attributes = attributesOf(request);
  if (isRuntimeCall(attributes)) return;
  const span = tracer.startSpan(request.method, { kind: SpanKind.CLIENT, attributes }, within);
  if (!request.hasHeader("x-amzn-trace-id")) {
    propagator.inject(withSpan(within, span), request, { set: setHeader });
  }
  if (!span.isRecording()) return;
  spans.set(request, span);
  request.on(errorMonitor, (error: Error) => {
    span.recordException(error);
    span.setAttribute("error.type", "code" in error ? String(error.code) : error.name).setStatus({ code: 2 });
    span.end();
  });
  request.once("close", () => span.end());
}

/** A head that is written and not yet sent gets one more line. */
function setHeader(request: ClientRequest & { _header?: unknown; _headerSent?: boolean }, name: string, value: string) {
  if (typeof request._header !== "string") request.setHeader(name, value);
  else if (!request._headerSent) request._header = `${request._header.slice(0, -2)}${name}: ${value}\r\n\r\n`;
}

function attributesOf(request: ClientRequest): Attributes {
  const { method, protocol, host, path } = request;
  const address = host ?? "localhost";
  const port = portOf(request);
  const isDefault = port === undefined || port === (protocol === "https:" ? 443 : 80);
  const authority = address.includes(":") ? `[${address}]` : address;
  return {
    "http.request.method": method,
    "url.full": `${protocol}//${authority}${isDefault ? "" : `:${port}`}${path.startsWith("/") ? path : `/${path}`}`,
    "server.address": address,
    ...(port !== undefined && { "server.port": port }),
  };
}

/** It is kept nowhere but in the header, which leaves it out where it goes without saying. */
function portOf(request: ClientRequest): number | undefined {
  const header = request.getHeader("host");
  const port = typeof header === "string" ? /:(\d{1,5})$/.exec(header)?.[1] : undefined;
  return port === undefined ? undefined : Number(port);
}

function takeResponse(response: IncomingMessage, span: Span): void {
  const { statusCode = 0, headers } = response;
  span.setAttribute("http.response.status_code", statusCode);
  const length = Number(headers["content-length"]);
  if (length >= 0) span.setAttribute("http.response.body.size", length);
  if (statusCode >= 400) span.setAttribute("error.type", String(statusCode)).setStatus({ code: 2 });
  response.once("end", () => span.end());
}
