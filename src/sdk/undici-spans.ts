import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type Attributes, context, type Span, SpanKind } from "@opentelemetry/api";
import { withSpan } from "./context-with-span.ts";
import type { HttpClientParts } from "./http-client-spans.ts";
import { isRuntimeCall } from "./lambda.ts";
import { isSuppressed } from "./suppressed.ts";

/** What undici says of a request, in all its versions. Headers were one text once, and are a list since 6. */
interface UndiciRequest {
  readonly origin?: unknown;
  readonly path: string;
  readonly method: string;
  readonly headers: string | readonly unknown[];
  addHeader(name: string, value: string): void;
}

interface UndiciResponse {
  readonly statusCode: number;
  readonly headers: readonly Uint8Array[];
}

const spans = new WeakMap<UndiciRequest, Span>();

/** Gives each request of `fetch` and undici a span, and a trace header. Answers how to stop. */
export function traceUndici(parts: HttpClientParts): () => void {
  const listeners: Readonly<Record<string, (message: never) => void>> = {
    "undici:request:create": ({ request }: { request: UndiciRequest }) => startCall(request, parts),
    "undici:request:headers": (message: { request: UndiciRequest; response: UndiciResponse }) => {
      const span = spans.get(message.request);
      if (span !== undefined) takeResponse(message.response, span);
    },
    "undici:request:trailers": ({ request }: { request: UndiciRequest }) => spans.get(request)?.end(),
    "undici:request:error": ({ request, error }: { request: UndiciRequest; error: Error }) => {
      const span = spans.get(request);
      if (span === undefined) return;
      span.recordException(error);
      span.setAttribute("error.type", "code" in error ? String(error.code) : error.name).setStatus({ code: 2 });
      span.end();
    },
  };
  for (const [channel, listener] of Object.entries(listeners))
    subscribe(channel, listener as (message: unknown) => void);
  return () => {
    for (const [channel, listener] of Object.entries(listeners)) {
      unsubscribe(channel, listener as (message: unknown) => void);
    }
  };
}

function startCall(request: UndiciRequest, { tracer, propagator }: HttpClientParts): void {
  const within = context.active();
  if (isSuppressed(within)) return;
  const attributes = attributesOf(request);
  if (isRuntimeCall(attributes)) return;
  const span = tracer.startSpan(request.method, { kind: SpanKind.CLIENT, attributes }, within);
  if (span.isRecording()) spans.set(request, span);
  if (hasTraceHeader(request.headers)) return;
  propagator.inject(withSpan(within, span), request, { set: (_, name, value) => request.addHeader(name, value) });
}

function attributesOf({ origin, path, method }: UndiciRequest): Attributes {
  const attributes: Attributes = { "http.request.method": method };
  const base = String(origin ?? "");
  if (!URL.canParse(base)) return attributes;
  const { protocol, hostname, port } = new URL(base);
  attributes["url.full"] = base + path;
  attributes["server.address"] = hostname.replace(/^\[(.*)\]$/, "$1");
  attributes["server.port"] = port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
  return attributes;
}

function hasTraceHeader(headers: string | readonly unknown[]): boolean {
  if (typeof headers === "string") return /^x-amzn-trace-id:/im.test(headers);
  return headers.some((header, index) => index % 2 === 0 && String(header).toLowerCase() === "x-amzn-trace-id");
}

function takeResponse({ statusCode, headers }: UndiciResponse, span: Span): void {
  span.setAttribute("http.response.status_code", statusCode);
  const length = contentLength(headers);
  if (length !== undefined) span.setAttribute("http.response.body.size", length);
  if (statusCode >= 400) span.setAttribute("error.type", String(statusCode)).setStatus({ code: 2 });
}

function contentLength(headers: readonly Uint8Array[]): number | undefined {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at]!;
    if (name.length === 14 && String(name).toLowerCase() === "content-length") return Number(String(headers[at + 1]));
  }
  return undefined;
}
