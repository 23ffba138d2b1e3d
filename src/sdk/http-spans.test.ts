import { createServer, get, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { context, SpanKind, trace } from "@opentelemetry/api";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { AsyncContextManager } from "./async-context-manager.ts";
import type { EndedSpan } from "./ended-span.ts";
import { traceHttpClients } from "./http-client-spans.ts";
import { traceHttpServers } from "./http-server-spans.ts";
import { suppress } from "./suppressed.ts";
import { traceUndici } from "./undici-spans.ts";
import { XRayPropagator } from "./xray-propagator.ts";
import { XRayTracer } from "./xray-tracer.ts";

const root = "1-5759e988-bd862e3fe1be46a994272793";
const parent = "53995c3f42cd8ad8";

let isSampled = true;
let ended: EndedSpan[] = [];
let seenHeaders: IncomingMessage["headers"][] = [];
let activeInHandler: (string | undefined)[] = [];
const stops: (() => void)[] = [];
const server = createServer(answer);
let url: string;

function answer(incoming: IncomingMessage, response: ServerResponse): void {
  seenHeaders.push(incoming.headers);
  activeInHandler.push(trace.getActiveSpan()?.spanContext().spanId);
  if (incoming.url === "/abort") response.destroy();
  else if (incoming.url === "/missing") response.writeHead(404).end();
  else if (incoming.url === "/broken") response.writeHead(500).end();
  else setImmediate(() => response.end("hello"));
}

beforeAll(async () => {
  const manager = new AsyncContextManager();
  const propagator = new XRayPropagator();
  const sampler = { shouldSample: () => ({ decision: isSampled ? 2 : 0 }) as const };
  const processor = { onStart: () => {}, onEnd: (span: EndedSpan) => ended.push(span) };
  const tracer = new XRayTracer(
    { sampler, processor, environment: {}, isLambda: false, resource: { attributes: {} } },
    { name: "http" },
  );
  context.setGlobalContextManager(manager);
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  stops.push(traceHttpServers({ tracer, propagator, manager }), traceHttpClients({ tracer, propagator }));
  stops.push(traceUndici({ tracer, propagator }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  for (const stop of stops) stop();
  context.disable();
  trace.disable();
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  isSampled = true;
  ended = [];
  seenHeaders = [];
  activeInHandler = [];
});

const of = (kind: SpanKind) => ended.filter((span) => span.kind === kind);
const spans = async (kind: SpanKind, count = 1): Promise<EndedSpan[]> => {
  await expect.poll(() => of(kind).length).toBe(count);
  return of(kind);
};

const getWith = (path: string, options: Parameters<typeof get>[1] = {}) =>
  new Promise<void>((resolve, reject) => {
    const asked = get(url + path, options, (response) => {
      response.resume();
      response.on("end", resolve);
    });
    asked.on("error", reject);
  });

/** Where nobody listens. */
async function nowhere(): Promise<string> {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  await new Promise((resolve) => other.close(resolve));
  return `http://127.0.0.1:${port}/`;
}

/** As somebody calls who traces nothing. */
const untraced = <T>(call: () => T): T => context.with(suppress(context.active()), call);

it.each([
  ["node:http", () => getWith("/hello?token=1")],
  [
    "node:http with a list of headers",
    () => getWith("/hello?token=1", { headers: ["accept", "*/*", "host", "other"] as never }),
  ],
  ["fetch", () => fetch(`${url}/hello?token=1`).then((response) => response.text())],
])("a call with %s is a span, and the callee's parent", async (_, call) => {
  await call();
  const [client] = await spans(SpanKind.CLIENT);
  const [served] = await spans(SpanKind.SERVER);
  expect(served!.parentSpanContext).toMatchObject({ spanId: client!.spanContext().spanId, isRemote: true });
  expect(served!.spanContext().traceId).toBe(client!.spanContext().traceId);
  expect(seenHeaders[0]!.traceparent).toContain(client!.spanContext().spanId);
  expect(client!.attributes).toMatchObject({
    "http.request.method": "GET",
    "server.address": "127.0.0.1",
    "http.response.status_code": 200,
  });
  expect(served!.attributes).toMatchObject({
    "http.request.method": "GET",
    "url.scheme": "http",
    "url.path": "/hello",
    "url.query": "token=1",
    "client.address": "127.0.0.1",
    "http.response.status_code": 200,
  });
});

it("a request's handler runs within its span, on a connection that is used again too", async () => {
  await fetch(`${url}/hello`).then((response) => response.text());
  await fetch(`${url}/hello`).then((response) => response.text());
  const served = await spans(SpanKind.SERVER, 2);
  expect(activeInHandler).toEqual(served.map((span) => span.spanContext().spanId));
  expect(new Set(served.map((span) => span.spanContext().traceId)).size).toBe(2);
});

it("calls hang from what is active where they are made", async () => {
  const tracer = trace.getTracer("test");
  await tracer.startActiveSpan("job", async (job) => {
    await Promise.all([getWith("/hello"), fetch(`${url}/hello`).then((response) => response.text())]);
    job.end();
  });
  const calls = await spans(SpanKind.CLIENT, 2);
  const [job] = of(SpanKind.INTERNAL);
  for (const call of calls) expect(call.parentSpanContext?.spanId).toBe(job!.spanContext().spanId);
});

it.each([
  ["/missing", 404, 2, 0],
  ["/broken", 500, 2, 2],
])("an answer to %s says so on both sides", async (path, status, onClient, onServer) => {
  await getWith(path);
  await fetch(url + path).then((response) => response.text());
  for (const span of await spans(SpanKind.CLIENT, 2)) {
    expect(span.attributes["http.response.status_code"]).toBe(status);
    expect(span.status.code).toBe(onClient);
  }
  for (const span of await spans(SpanKind.SERVER, 2)) expect(span.status.code).toBe(onServer);
});

it("a call that fails has its error, once", async () => {
  await expect(getWith("/abort")).rejects.toThrow();
  await expect(fetch(`${url}/abort`)).rejects.toThrow();
  await expect(fetch(await nowhere())).rejects.toThrow();
  for (const span of await spans(SpanKind.CLIENT, 3)) {
    expect(span.status.code).toBe(2);
    expect(span.events.map(({ name }) => name)).toEqual(["exception"]);
  }
  const served = await spans(SpanKind.SERVER, 2);
  for (const span of served) expect(span.attributes).toMatchObject({ "error.type": "aborted" });
});

it("an error that nobody listens for is still the application's own", () => {
  const asked = request("http://127.0.0.1:1/");
  expect(asked.listenerCount("error")).toBe(0);
  asked.on("error", () => asked.destroy());
  asked.end();
});

it("a trace header that the application has set is left alone", async () => {
  const header = `Root=${root};Parent=${parent};Sampled=1`;
  await getWith("/hello", { headers: { "X-Amzn-Trace-Id": header } });
  await fetch(`${url}/hello`, { headers: { "X-AMZN-trace-id": header } }).then((response) => response.text());
  expect(seenHeaders.map((headers) => headers["x-amzn-trace-id"])).toEqual([header, header]);
});

it("what is not sampled is not recorded, and the callee is told", async () => {
  isSampled = false;
  await getWith("/hello");
  await fetch(`${url}/hello`).then((response) => response.text());
  for (const headers of seenHeaders) expect(headers["x-amzn-trace-id"]).toMatch(/;Sampled=0$/);
  expect(ended).toEqual([]);
});

it("who sends Sampled=? is told what was decided", async () => {
  const headers = { "x-amzn-trace-id": `Root=${root};Sampled=?` };
  const answers: (string | null)[] = [];
  for (isSampled of [true, false]) {
    const response = await untraced(() => fetch(`${url}/hello`, { headers }));
    answers.push(response.headers.get("x-amzn-trace-id"));
    await response.text();
  }
  expect(answers).toEqual([`Root=${root};Sampled=1`, `Root=${root};Sampled=0`]);
});

it("who is behind a proxy is the client", async () => {
  const headers = { "x-forwarded-for": "203.0.113.9, 10.0.0.1", "user-agent": "curl/8" };
  await untraced(() => getWith("/hello", { headers }));
  const [served] = await spans(SpanKind.SERVER);
  expect(served!.attributes).toMatchObject({
    "client.address": "203.0.113.9",
    "network.peer.address": "127.0.0.1",
    "user_agent.original": "curl/8",
  });
});

it("calls that are not to be traced are not, and get no header", async () => {
  await untraced(() => getWith("/hello"));
  await spans(SpanKind.SERVER);
  expect(of(SpanKind.CLIENT)).toEqual([]);
  expect(seenHeaders[0]).not.toHaveProperty("x-amzn-trace-id");
});
