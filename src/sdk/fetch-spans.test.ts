import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { context, SpanKind, trace } from "@opentelemetry/api";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { AsyncContextManager } from "./async-context-manager.ts";
import type { EndedSpan } from "./ended-span.ts";
import { isFetchOfUndici, traceFetch } from "./fetch-spans.ts";
import { suppress } from "./suppressed.ts";
import { XRayPropagator } from "./xray-propagator.ts";
import { XRayTracer } from "./xray-tracer.ts";

/** As in Bun and Deno; here, nobody listens to undici, so that this is all there is. */
let ended: EndedSpan[] = [];
let seen: IncomingHttpHeaders = {};
const server = createServer((request, response) => {
  seen = request.headers;
  response.writeHead(request.url === "/missing" ? 404 : 200, { "content-length": 5 }).end("hello");
});
let stop: () => void;
let url: string;

beforeAll(async () => {
  const processor = { onStart: () => {}, onEnd: (span: EndedSpan) => ended.push(span) };
  const sampler = { shouldSample: () => ({ decision: 2 }) as const };
  const tracer = new XRayTracer(
    { sampler, processor, environment: {}, isLambda: false, resource: { attributes: {} } },
    { name: "fetch" },
  );
  context.setGlobalContextManager(new AsyncContextManager());
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  stop = traceFetch({ tracer, propagator: new XRayPropagator() });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  stop();
  context.disable();
  trace.disable();
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  ended = [];
});

it.each([
  ["a text", () => fetch(`${url}/hello`, { method: "post", body: "tea", headers: { accept: "text/plain" } })],
  ["a URL", () => fetch(new URL("/hello", url), { method: "POST", headers: [["accept", "text/plain"]] })],
  ["a request", () => fetch(new Request(`${url}/hello`, { method: "POST", headers: { accept: "text/plain" } }))],
])("a call of %s is a span, and the callee gets its trace header", async (_, call) => {
  expect(await (await call()).text()).toBe("hello");
  expect(ended).toHaveLength(1);
  expect(ended[0]).toMatchObject({
    kind: SpanKind.CLIENT,
    attributes: {
      ...{ "http.request.method": "POST", "url.full": `${url}/hello`, "server.address": "127.0.0.1" },
      ...{ "http.response.status_code": 200, "http.response.body.size": 5 },
    },
  });
  expect(seen["x-amzn-trace-id"]).toContain(`Parent=${ended[0]!.spanContext().spanId};Sampled=1`);
  expect(seen.accept).toBe("text/plain");
});

it("what failed says so, and the application has its error", async () => {
  await fetch(`${url}/missing`);
  await expect(fetch("nonsense")).rejects.toThrow(TypeError);
  expect(ended.map(({ status }) => status.code)).toEqual([2, 2]);
  expect(ended[0]!.attributes).toMatchObject({ "error.type": "404" });
  expect(ended[1]!.events.map(({ name }) => name)).toEqual(["exception"]);
});

it("a trace header that the application has set is left alone", async () => {
  await fetch(url, { headers: { "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793" } });
  expect(seen["x-amzn-trace-id"]).toBe("Root=1-5759e988-bd862e3fe1be46a994272793");
});

it("calls that are not to be traced are not, and get no header", async () => {
  await context.with(suppress(context.active()), () => fetch(url));
  expect(ended).toEqual([]);
  expect(seen).not.toHaveProperty("x-amzn-trace-id");
});

it("Node's fetch tells of its requests itself; that of Bun and Deno does not", () => {
  expect(isFetchOfUndici()).toBe(true);
  expect(isFetchOfUndici({ node: "26.3.0", bun: "1.4.5" })).toBe(false);
  expect(isFetchOfUndici({ node: "24.0.0", deno: "2.9.6" })).toBe(false);
});
