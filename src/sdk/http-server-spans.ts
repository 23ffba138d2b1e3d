import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { defaultTextMapGetter, ROOT_CONTEXT, SpanKind } from "@opentelemetry/api";
import type { AsyncContextManager } from "./async-context-manager.ts";
import { callerOf } from "./caller.ts";
import { withSpan } from "./context-with-span.ts";
import { lazyHttp, lazyHttps } from "./lazy-builtins.ts";
import { type RequestNotes, tellRoute, withRequestNotes } from "./request-route.ts";
import { serverAttributes } from "./server-attributes.ts";
import { toldDecision } from "./told-decision.ts";
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
  if (process.versions.bun !== undefined) return patchServers(onStart, parts.manager);
  subscribe(requestStart, onStart);
  return () => void unsubscribe(requestStart, onStart);
}

type Emit = (this: unknown, event: string, ...args: unknown[]) => boolean;

/** Bun's `node:http` has no such channel; as in Node, a server's listeners hear of a request by an event. */
function patchServers(onStart: (message: unknown) => void, manager: AsyncContextManager): () => void {
  const stops = [lazyHttp(), lazyHttps()].map(({ Server }) => {
    const prototype = Server.prototype as unknown as { emit: Emit };
    const original = prototype.emit;
    prototype.emit = function (event, ...args) {
      const emit = (): boolean => original.call(this, event, ...args);
      if (event !== "request") return emit();
      return manager.with(ROOT_CONTEXT, () => {
        onStart({ request: args[0], response: args[1] });
        return emit();
      });
    };
    return () => {
      prototype.emit = original;
    };
  });
  return () => {
    for (const stop of stops) stop();
  };
}

/** The channel speaks just before the server's listeners run, in the same call: what is entered here is theirs. */
function startRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { tracer, propagator, manager }: HttpServerParts,
): void {
  const { socket, headers, method = "GET", url: target = "/" } = request;
  const within = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const scheme = (socket as { encrypted?: boolean }).encrypted ? "https" : "http";
  const served = { method, scheme, target, host: headers.host, peer: socket.remoteAddress, headers };
  const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes: serverAttributes(served) }, within);
  const notes: RequestNotes = { type: "http", span };
  manager.enter(withRequestNotes(withSpan(within, span), notes));
  const caller = callerOf(within);
  // Who asks wants to hear what was decided.
  if (caller?.sampled === "?") response.setHeader(...toldDecision(span));
  if (span.isRecording()) response.once("close", () => endRequest(request, response, notes, method));
}

function endRequest(request: IncomingMessage, response: ServerResponse, notes: RequestNotes, method: string): void {
  const { span } = notes;
  const { statusCode } = response;
  if (response.headersSent) span.setAttribute("http.response.status_code", statusCode);
  const length = Number(response.getHeader("content-length"));
  if (length >= 0) span.setAttribute("http.response.body.size", length);
  tellRoute(notes, method, request);
  if (!response.writableFinished) span.setAttribute("error.type", "aborted");
  if (statusCode >= 500) span.setStatus({ code: 2 });
  span.end();
}
