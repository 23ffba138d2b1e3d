import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Server, Socket } from "node:net";
import { type Context, defaultTextMapGetter, ROOT_CONTEXT, type Span, SpanKind } from "@opentelemetry/api";
import { callerOf } from "./caller.ts";
import { withSpan } from "./context-with-span.ts";
import type { HttpServerParts } from "./http-server-spans.ts";
import { type RequestNotes, tellRoute, withRequestNotes } from "./request-route.ts";
import { serverAttributes } from "./server-attributes.ts";
import { toldDecision } from "./told-decision.ts";

type Emit = (this: unknown, event: string, ...args: unknown[]) => boolean;

/** Each connection that a server of this process takes, before anything is read from it. */
const connected = "net.server.socket";

/**
 * Gives each request that an HTTP/2 server of this process answers a span. A server is known by its first connection, so
 * that `node:http2`, which is costly to load, is loaded by the application or not at all. Answers how to stop.
 */
export function traceHttp2Servers(parts: HttpServerParts): () => void {
  /** The classes of servers that have been met, with how to leave them as they were. */
  const met = new Map<object, () => void>();
  const onConnected = (message: unknown): void => {
    const { server } = (message as { socket: Socket & { server?: Server } }).socket;
    if (server === undefined) return;
    const kind = Object.getPrototypeOf(server) as { constructor: { name: string }; emit: Emit };
    if (met.has(kind)) return;
    const isHttp2 = kind.constructor.name === "Http2Server" || kind.constructor.name === "Http2SecureServer";
    met.set(kind, isHttp2 ? traceStreams(kind, parts) : () => {});
  };
  subscribe(connected, onConnected);
  return () => {
    unsubscribe(connected, onConnected);
    for (const restore of met.values()) restore();
    met.clear();
  };
}

/** Servers hear of a request by the event `stream`, whichever of Node's two interfaces they are written with. */
function traceStreams(kind: { emit: Emit }, { tracer, propagator, manager }: HttpServerParts): () => void {
  const original = kind.emit;
  kind.emit = function (event, ...args) {
    if (event !== "stream") return original.call(this, event, ...args);
    const [stream, headers] = args as [ServerHttp2Stream, IncomingHttpHeaders];
    return manager.with(startRequest(stream, headers, { tracer, propagator }), () =>
      original.call(this, event, ...args),
    );
  };
  // It is inherited: what was there before is what is there without it.
  return () => void delete (kind as { emit?: Emit }).emit;
}

/** Answers the context in which the request is answered. */
function startRequest(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { tracer, propagator }: Pick<HttpServerParts, "tracer" | "propagator">,
): Context {
  const { ":method": method = "GET", ":scheme": scheme = "https", ":path": target = "/" } = headers;
  const within = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const peer = stream.session?.socket.remoteAddress;
  const served = { method, scheme, target, host: headers[":authority"] ?? headers.host, peer, headers };
  const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes: serverAttributes(served) }, within);
  const notes: RequestNotes = { type: "http", span };
  if (callerOf(within)?.sampled === "?") tellDecision(stream, span);
  if (span.isRecording()) stream.once("close", () => endRequest(stream, notes, method));
  return withRequestNotes(withSpan(within, span), notes);
}

type Respond = (this: ServerHttp2Stream, ...args: readonly unknown[]) => void;
/** How a stream answers, and where its headers are among the arguments. */
const responding = { respond: 0, respondWithFD: 1, respondWithFile: 1 } as const;

/** Whatever a stream is answered with, the header that tells what was decided goes along. */
function tellDecision(stream: ServerHttp2Stream, span: Span): void {
  const [name, text] = toldDecision(span);
  const told = { [name.toLowerCase()]: text };
  for (const [method, at] of Object.entries(responding) as [keyof typeof responding, number][]) {
    const original = stream[method] as Respond;
    (stream as unknown as Record<string, Respond>)[method] = function (...args) {
      const given = args[at];
      const all = [...args];
      all[at] = Array.isArray(given)
        ? [...given, ...Object.entries(told).flat()]
        : { ...told, ...(given as object | undefined) };
      original.apply(this, all);
    };
  }
}

function endRequest(stream: ServerHttp2Stream, notes: RequestNotes, method: string): void {
  const { span } = notes;
  const { ":status": status = 0, "content-length": text } = stream.sentHeaders ?? {};
  const length = Number(text);
  if (stream.headersSent) span.setAttribute("http.response.status_code", Number(status));
  if (length >= 0) span.setAttribute("http.response.body.size", length);
  tellRoute(notes, method);
  if (stream.aborted || stream.rstCode !== 0) span.setAttribute("error.type", "aborted");
  if (Number(status) >= 500) span.setStatus({ code: 2 });
  span.end();
}
