import { type Attributes, context, type Span, SpanKind } from "@opentelemetry/api";
import { withSpan } from "./context-with-span.ts";
import type { HttpClientParts } from "./http-client-spans.ts";
import { isSuppressed } from "./suppressed.ts";

type FetchInput = Parameters<typeof fetch>[0];
type FetchInit = Parameters<typeof fetch>[1];

/** Where `fetch` is undici's, its channels tell of each request. Bun and Deno have their own, which tells of none. */
export function isFetchOfUndici(versions: Readonly<Record<string, string | undefined>> = process.versions): boolean {
  return versions.bun === undefined && versions.deno === undefined;
}

/** Gives each request of a global `fetch` that tells nothing itself a span, and a trace header. Answers how to stop. */
export function traceFetch(parts: HttpClientParts): () => void {
  const original = globalThis.fetch;
  const traced = (input: FetchInput, init?: FetchInit): Promise<Response> =>
    isSuppressed(context.active()) ? original(input, init) : call(original, input, init, parts);
  // What a runtime adds to its own, as Bun does, stays there.
  globalThis.fetch = Object.assign(traced, original);
  return () => {
    globalThis.fetch = original;
  };
}

async function call(
  original: typeof fetch,
  input: FetchInput,
  init: FetchInit,
  { tracer, propagator }: HttpClientParts,
): Promise<Response> {
  const within = context.active();
  const request = input instanceof Request ? input : undefined;
  const method = (init?.method ?? request?.method ?? "GET").toUpperCase();
  const attributes = { "http.request.method": method, ...addressOf(request?.url ?? String(input)) };
  const span = tracer.startSpan(method, { kind: SpanKind.CLIENT, attributes }, within);
  try {
    const headers = new Headers(init?.headers ?? request?.headers);
    if (!headers.has("x-amzn-trace-id")) {
      propagator.inject(withSpan(within, span), headers, { set: (to: Headers, name, text) => to.set(name, text) });
    }
    // All else that is asked for goes on as it is: runtimes have settings of their own.
    const response = await original(input, { ...init, headers });
    takeResponse(response, span);
    return response;
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    span.recordException(failure);
    span.setAttribute("error.type", "code" in failure ? String(failure.code) : failure.name).setStatus({ code: 2 });
    throw error;
  } finally {
    span.end();
  }
}

function addressOf(url: string): Attributes {
  if (!URL.canParse(url)) return {};
  const { protocol, hostname, port } = new URL(url);
  return {
    "url.full": url,
    "server.address": hostname.replace(/^\[(.*)\]$/, "$1"),
    "server.port": port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
  };
}

function takeResponse({ status, headers }: Response, span: Span): void {
  span.setAttribute("http.response.status_code", status);
  const length = headers.get("content-length");
  if (length !== null) span.setAttribute("http.response.body.size", Number(length));
  if (status >= 400) span.setAttribute("error.type", String(status)).setStatus({ code: 2 });
}
