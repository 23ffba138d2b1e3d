import type { IncomingHttpHeaders } from "node:http";
import { type Context, ROOT_CONTEXT, type Span, SpanKind } from "@opentelemetry/api";
import { callerOf } from "./caller.ts";
import { withSpan } from "./context-with-span.ts";
import type { HttpServerParts } from "./http-server-spans.ts";
import { type RequestNotes, tellRoute, withRequestNotes } from "./request-route.ts";
import { serverAttributes } from "./server-attributes.ts";
import { toldDecision } from "./told-decision.ts";

/** What of a request its handler does not know, or only its runtime. */
export interface Answering {
  readonly peer: string | undefined;
  /** The pattern under which the handler was registered. */
  readonly route?: string | undefined;
  /** Resolves or fails when the whole answer has gone out; without it, a request has ended when there is an answer. */
  readonly completed?: Promise<unknown> | undefined;
  /** Somebody else makes the answer of what the handler throws, and calls `endFailed` with it. */
  readonly isErrorAnswered: boolean;
}

type Answer = Response | undefined;

/** The requests whose handlers threw, by what they threw, until there is an answer. */
const failed = new WeakMap<object, (answer: Answer) => void>();

/**
 * Answers a request, as the servers of Bun and Deno want it, within a span of its own. The answer is the handler's, at
 * once where it is there at once; its body is left alone.
 */
export function answerWithResponse(
  handler: () => Answer | Promise<Answer>,
  request: Request,
  answering: Answering,
  { tracer, propagator, manager }: HttpServerParts,
): Answer | Promise<Answer> {
  const { method, headers } = request;
  const within = propagator.extract(ROOT_CONTEXT, headers, headersGetter);
  const attributes = serverAttributes({
    method,
    ...partsOf(request.url),
    peer: answering.peer,
    headers: told(headers),
  });
  const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, within);
  const notes: RequestNotes = { type: "http", span, route: answering.route };
  const end = (answer: Answer, status: number): void =>
    endAnswered(answer, status, notes, request, answering.completed);
  const onAnswer = (answer: Answer): Answer => {
    // Without an answer, the connection has become a web socket's.
    end(answer, answer?.status ?? 101);
    return callerOf(within)?.sampled === "?" ? withDecision(answer, span) : answer;
  };
  const onError = (error: unknown): never => {
    recordError(error, span);
    const endWith = (answer: Answer): void => end(answer, answer?.status ?? 500);
    if (answering.isErrorAnswered && typeof error === "object" && error !== null) {
      // One that is thrown again and again means the latest request.
      failed.get(error)?.(undefined);
      failed.set(error, endWith);
    } else {
      endWith(undefined);
    }
    throw error;
  };
  const inside: Context = withRequestNotes(withSpan(within, span), notes);
  let answer: Answer | Promise<Answer>;
  try {
    answer = manager.with(inside, handler);
  } catch (error) {
    return onError(error);
  }
  return isPromise(answer) ? answer.then(onAnswer, onError) : onAnswer(answer);
}

/** Ends the request whose handler threw this, with the answer that was made of it. */
export function endFailed(error: unknown, answer: Answer): void {
  if (typeof error !== "object" || error === null) return;
  failed.get(error)?.(answer);
  failed.delete(error);
}

function endAnswered(
  answer: Answer,
  status: number,
  notes: RequestNotes,
  request: Request,
  completed: Promise<unknown> | undefined,
): void {
  const { span } = notes;
  if (!span.isRecording()) return;
  span.setAttribute("http.response.status_code", status);
  const length = answer?.headers.get("content-length");
  if (length) span.setAttribute("http.response.body.size", Number(length));
  if (status >= 500) span.setStatus({ code: 2 });
  tellRoute(notes, request.method);
  const abort = (): void => void span.setAttribute("error.type", "aborted").end();
  // A web socket may stay open for days: its request has been answered.
  if (completed !== undefined && status !== 101) completed.then(() => span.end(), abort);
  else if (request.signal?.aborted) abort();
  else span.end();
}

function recordError(error: unknown, span: Span): void {
  const failure = error instanceof Error ? error : new Error(String(error));
  span.recordException(failure);
  span.setStatus({ code: 2 });
}

/** Answers that were fetched elsewhere cannot be written to. */
function withDecision(answer: Answer, span: Span): Answer {
  if (answer === undefined) return undefined;
  const [name, text] = toldDecision(span);
  try {
    answer.headers.set(name, text);
    return answer;
  } catch {
    const headers = new Headers(answer.headers);
    headers.set(name, text);
    return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
  }
}

function isPromise(answer: Answer | Promise<Answer>): answer is Promise<Answer> {
  return typeof (answer as Partial<Promise<Answer>> | undefined)?.then === "function";
}

const headersGetter = {
  get: (headers: unknown, name: string): string | undefined => (headers as Headers).get(name) ?? undefined,
  keys: (headers: unknown): string[] => [...(headers as Headers).keys()],
};

/** Scheme, host and target, as a request over HTTP has them. */
function partsOf(url: string): { readonly scheme: string; readonly host: string | undefined; readonly target: string } {
  const parts = /^([a-z]+):\/\/([^/?#]*)([^#]*)/.exec(url);
  return { scheme: parts?.[1] ?? "http", host: parts?.[2] || undefined, target: parts?.[3] || "/" };
}

function told(headers: Headers): IncomingHttpHeaders {
  const forwarded = headers.get("x-forwarded-for");
  const agent = headers.get("user-agent");
  return {
    ...(forwarded !== null && { "x-forwarded-for": forwarded }),
    ...(agent !== null && { "user-agent": agent }),
  };
}
