import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { errorMonitor } from "node:events";
import type { ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { type Attributes, context, type Span, SpanKind } from "@opentelemetry/api";
import type { HttpClientParts } from "./http-client-spans.ts";
import { isSuppressed } from "./suppressed.ts";

const created = "http2.client.stream.created";

/**
 * Gives each request of `node:http2` a span, where Node tells of them (from 24 on). No header: the request's head is
 * already written when it is told. Answers how to stop.
 */
export function traceHttp2Clients({ tracer }: Pick<HttpClientParts, "tracer">): () => void {
  const onCreated = (message: unknown): void => {
    const { stream, headers } = message as { stream: ClientHttp2Stream; headers: IncomingHttpHeaders };
    const within = context.active();
    if (isSuppressed(within)) return;
    const method = headers[":method"] ?? "GET";
    const span = tracer.startSpan(method, { kind: SpanKind.CLIENT, attributes: attributesOf(method, headers) }, within);
    if (span.isRecording()) follow(stream, span);
  };
  subscribe(created, onCreated);
  return () => unsubscribe(created, onCreated);
}

function follow(stream: ClientHttp2Stream, span: Span): void {
  stream.once("response", (headers) => {
    const status = Number(headers[":status"]);
    span.setAttribute("http.response.status_code", status);
    if (status >= 400) span.setAttribute("error.type", String(status)).setStatus({ code: 2 });
  });
  stream.on(errorMonitor, (error: Error) => {
    span.recordException(error);
    span.setAttribute("error.type", "code" in error ? String(error.code) : error.name).setStatus({ code: 2 });
  });
  stream.once("close", () => span.end());
}

function attributesOf(method: string, headers: IncomingHttpHeaders): Attributes {
  const authority = headers[":authority"];
  const base = `${headers[":scheme"] ?? "https"}://${authority}`;
  if (authority === undefined || !URL.canParse(base)) return { "http.request.method": method };
  const { hostname, port, protocol } = new URL(base);
  return {
    "http.request.method": method,
    "url.full": base + (headers[":path"] ?? "/"),
    "server.address": hostname.replace(/^\[(.*)\]$/, "$1"),
    "server.port": port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
  };
}
