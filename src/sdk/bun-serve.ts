import { answerWithResponse, endFailed } from "./answer-with-response.ts";
import type { HttpServerParts } from "./http-server-spans.ts";

type Answer = Response | undefined;
type Handler = (this: unknown, request: Request, server: BunServer) => Answer | Promise<Answer>;
type Routes = Readonly<Record<string, unknown>>;

interface BunServer {
  reload: (options: ServeOptions) => unknown;
  requestIP(request: Request): { readonly address: string } | null;
}

interface ServeOptions {
  readonly fetch?: Handler;
  readonly routes?: Routes;
  readonly error?: (this: unknown, error: unknown) => Answer | Promise<Answer>;
}

interface Bun {
  serve: (options: ServeOptions) => BunServer;
}

/**
 * Gives each request that a handler of `Bun.serve` answers a span. What Bun answers by itself, as files and fixed
 * responses, no handler sees. A span ends when there is an answer, since Bun does not tell when a body has gone out.
 * Answers how to stop.
 */
export function traceBunServe(parts: HttpServerParts): () => void {
  const { Bun: bun } = globalThis as { Bun?: Bun };
  if (bun === undefined) return () => {};
  const original = bun.serve;
  bun.serve = (options) => {
    const server = original.call(bun, traced(options, parts));
    const { reload } = server;
    server.reload = (changed) => reload.call(server, traced(changed, parts));
    return server;
  };
  return () => {
    bun.serve = original;
  };
}

/** The application's own options with other handlers before them: they may be an object of any class. */
function traced(options: ServeOptions, parts: HttpServerParts): ServeOptions {
  const { fetch, routes, error } = options;
  const isErrorAnswered = typeof error === "function";
  const wrap = (handler: Handler, route?: string): Handler =>
    function (request, server) {
      const answering = { peer: server.requestIP(request)?.address, route, isErrorAnswered };
      return answerWithResponse(() => handler.call(this, request, server), request, answering, parts);
    };
  const own = {
    ...(typeof fetch === "function" && { fetch: wrap(fetch) }),
    ...(isObject(routes) && { routes: tracedRoutes(routes, wrap) }),
    ...(isErrorAnswered && { error: answeringErrors(error) }),
  };
  return Object.assign(Object.create(options), own) as ServeOptions;
}

/** A route has a handler, one for each method, or what is no handler and stays what it is. */
function tracedRoutes(routes: Routes, wrap: (handler: Handler, route: string) => Handler): Routes {
  const wrapped = (value: unknown, route: string): unknown =>
    typeof value === "function" ? wrap(value as Handler, route) : value;
  const entries = Object.entries(routes).map(([route, value]) => {
    if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return [route, wrapped(value, route)];
    const methods = Object.entries(value).map(([method, one]) => [method, wrapped(one, route)]);
    return [route, Object.fromEntries(methods)];
  });
  return Object.fromEntries(entries);
}

function answeringErrors(original: NonNullable<ServeOptions["error"]>): NonNullable<ServeOptions["error"]> {
  return function (error) {
    // Whoever fails to answer an error has it answered by Bun.
    const onFailure = (): void => endFailed(error, undefined);
    try {
      const answer = original.call(this, error);
      void Promise.resolve(answer).then((made) => endFailed(error, made), onFailure);
      return answer;
    } catch (failure) {
      onFailure();
      throw failure;
    }
  };
}

function isObject(value: unknown): value is Routes {
  return typeof value === "object" && value !== null;
}
