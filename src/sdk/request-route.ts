import { type Context, createContextKey, type Span } from "@opentelemetry/api";

/** The key of OpenTelemetry's own packages: keys of one name are one key. */
const key = createContextKey("OpenTelemetry SDK Context Key RPC_METADATA");

/** What the instrumentation of a framework looks for, and where it leaves the route that answers. */
export interface RequestNotes {
  readonly type: "http";
  readonly span: Span;
  route?: unknown;
}

/** A context in which instrumentation of frameworks (`@fastify/otel`, `koa`, `hapi` …) finds the request that is answered. */
export function withRequestNotes(context: Context, notes: RequestNotes): Context {
  return context.setValue(key, notes);
}

/** Gives a request's span the route that answered: what instrumentation has noted, or what Express leaves at the request. */
export function tellRoute({ span, route: noted }: RequestNotes, method: string, request?: object): void {
  const route = typeof noted === "string" && noted !== "" ? noted : expressRoute(request);
  if (route !== undefined) span.setAttribute("http.route", route).updateName(`${method} ${route}`);
}

function expressRoute(request: { route?: { path?: unknown }; baseUrl?: unknown } = {}): string | undefined {
  const { route, baseUrl } = request;
  if (typeof route?.path !== "string") return undefined;
  return typeof baseUrl === "string" ? baseUrl + route.path : route.path;
}
