import { errorMonitor } from "node:events";
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { type Attributes, context, type Span, SpanKind } from "@opentelemetry/api";
import { withSpan } from "./context-with-span.ts";
import type { HttpClientParts } from "./http-client-spans.ts";
import { beforeFirstSession } from "./http2-sessions.ts";
import { isSuppressed } from "./suppressed.ts";

/** As an object, or, in newer versions of Node, as a list of names and values in turn. */
type RequestHead = OutgoingHttpHeaders | readonly string[];
type Request = (this: ClientHttp2Session, headers?: RequestHead, options?: unknown) => ClientHttp2Stream;

/**
 * Gives each request of `node:http2` a span, and a trace header. One that has such a header already is somebody else's
 * to trace: undici's requests come through here, too. Answers how to stop.
 */
export function traceHttp2Clients(parts: HttpClientParts): () => void {
  const stops: (() => void)[] = [];
  stops.push(
    beforeFirstSession((sessions) => {
      const kind = sessions as unknown as { request: Request };
      const original = kind.request;
      kind.request = function (headers = {}, options) {
        const ask = (sent: RequestHead): ClientHttp2Stream => original.call(this, sent, options);
        return hasTraceHeader(headers) || isSuppressed(context.active()) ? ask(headers) : traced(ask, headers, parts);
      };
      stops.push(() => {
        kind.request = original;
      });
    }),
  );
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}

function traced(
  ask: (sent: RequestHead) => ClientHttp2Stream,
  headers: RequestHead,
  { tracer, propagator }: HttpClientParts,
): ClientHttp2Stream {
  const within = context.active();
  const method = String(headerIn(headers, ":method") ?? "GET");
  const span = tracer.startSpan(
    method,
    { kind: SpanKind.CLIENT, attributes: { "http.request.method": method } },
    within,
  );
  try {
    const stream = ask(withTrace(headers, (set) => propagator.inject(withSpan(within, span), undefined, { set })));
    if (span.isRecording()) follow(stream, span);
    return stream;
  } catch (error) {
    fail(span, error as Error);
    span.end();
    throw error;
  }
}

function withTrace(
  headers: RequestHead,
  inject: (set: (_: unknown, name: string, value: string) => void) => void,
): RequestHead {
  if (isList(headers)) {
    const list = [...headers];
    inject((_, name, value) => list.push(name, value));
    return list;
  }
  const sent = { ...headers };
  inject((_, name, value) => {
    sent[name] = value;
  });
  return sent;
}

function follow(stream: ClientHttp2Stream, span: Span): void {
  // Where the request goes is known to the session, which has filled in what was left out.
  span.setAttributes(addressOf(stream.sentHeaders ?? {}));
  stream.once("response", (headers) => {
    const status = Number(headers[":status"]);
    span.setAttribute("http.response.status_code", status);
    if (status >= 400) span.setAttribute("error.type", String(status)).setStatus({ code: 2 });
  });
  stream.on(errorMonitor, (error: Error) => fail(span, error));
  stream.once("close", () => span.end());
}

function fail(span: Span, error: Error): void {
  span.recordException(error);
  span.setAttribute("error.type", "code" in error ? String(error.code) : error.name).setStatus({ code: 2 });
}

function addressOf(headers: OutgoingHttpHeaders): Attributes {
  const base = `${headers[":scheme"] ?? "https"}://${headers[":authority"] ?? headers.host}`;
  if (!URL.canParse(base)) return {};
  const { hostname, port, protocol } = new URL(base);
  return {
    "url.full": base + (headers[":path"] ?? "/"),
    "server.address": hostname.replace(/^\[(.*)\]$/, "$1"),
    "server.port": port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
  };
}

function hasTraceHeader(headers: RequestHead): boolean {
  return headerIn(headers, "x-amzn-trace-id") !== undefined;
}

function headerIn(headers: RequestHead, name: string): unknown {
  if (isList(headers)) {
    const at = headers.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
    return at < 0 ? undefined : headers[at + 1];
  }
  const spelled = name in headers ? name : Object.keys(headers).find((key) => key.toLowerCase() === name);
  return spelled === undefined ? undefined : headers[spelled];
}

function isList(headers: RequestHead): headers is readonly string[] {
  return Array.isArray(headers);
}
