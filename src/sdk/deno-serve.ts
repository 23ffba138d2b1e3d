import { answerWithResponse, endFailed } from "./answer-with-response.ts";
import type { HttpServerParts } from "./http-server-spans.ts";

type Answer = Response | Promise<Response>;
type Handler = (request: Request, info: ServeInfo) => Answer;
type OnError = (error: unknown) => Answer;

interface ServeInfo {
  readonly remoteAddr?: { readonly hostname?: string };
  readonly completed?: Promise<void>;
}

interface ServeOptions {
  readonly handler?: Handler;
  readonly onError?: OnError;
}

interface Deno {
  serve: (...args: unknown[]) => unknown;
}

/** Gives each request that a handler of `Deno.serve` answers a span, which ends with the answer's body. Answers how to stop. */
export function traceDenoServe(parts: HttpServerParts): () => void {
  const { Deno: deno } = globalThis as { Deno?: Deno };
  if (deno === undefined) return () => {};
  const original = deno.serve;
  deno.serve = (...args) => original.apply(deno, tracedArguments(args, parts));
  return () => {
    deno.serve = original;
  };
}

/** `serve(handler)`, `serve(options, handler)`, `serve({ handler })`: what is none of them is Deno's to complain about. */
function tracedArguments(args: readonly unknown[], parts: HttpServerParts): unknown[] {
  const options = args.find((arg) => typeof arg === "object" && arg !== null) as ServeOptions | undefined;
  const handler = (args.find((arg) => typeof arg === "function") ?? options?.handler) as Handler | undefined;
  if (typeof handler !== "function") return [...args];
  const { onError } = options ?? {};
  const isErrorAnswered = typeof onError === "function";
  const traced: Handler = (request, info) => {
    const answering = { peer: info.remoteAddr?.hostname, completed: info.completed, isErrorAnswered };
    return answerWithResponse(() => handler.call(options, request, info), request, answering, parts) as Answer;
  };
  return [{ ...options, handler: traced, ...(isErrorAnswered && { onError: answeringErrors(onError) }) }];
}

function answeringErrors(original: OnError): OnError {
  return async (error) => {
    try {
      const answer = await original(error);
      endFailed(error, answer);
      return answer;
    } catch (failure) {
      endFailed(error, undefined);
      throw failure;
    }
  };
}
