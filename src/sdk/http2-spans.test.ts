import { readFileSync } from "node:fs";
import {
  type ClientHttp2Session,
  connect,
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { context, SpanKind, trace } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { AsyncContextManager } from "./async-context-manager.ts";
import type { EndedSpan } from "./ended-span.ts";
import { traceHttp2Clients } from "./http2-client-spans.ts";
import { traceHttp2Servers } from "./http2-server-spans.ts";
import { suppress } from "./suppressed.ts";
import { XRayPropagator } from "./xray-propagator.ts";
import { XRayTracer } from "./xray-tracer.ts";

const pemPath = fileURLToPath(new URL("../../test/fixtures/localhost-tls.pem", import.meta.url));
const pem = readFileSync(pemPath);
const header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

let ended: EndedSpan[] = [];
let seenHeaders: IncomingHttpHeaders[] = [];
let activeInHandler: (string | undefined)[] = [];
const stops: (() => void)[] = [];
const sessions: ClientHttp2Session[] = [];

function answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  seenHeaders.push(headers);
  activeInHandler.push(trace.getActiveSpan()?.spanContext().spanId);
  if (headers[":path"] === "/reset") stream.on("error", () => "as it was asked for").close(2);
  else if (headers[":path"] === "/bare") stream.respond(undefined, { endStream: true });
  else if (headers[":path"] === "/file") stream.respondWithFile(pemPath, { "x-tea": "green" });
  else if (headers[":path"] === "/own") stream.respond({ "x-amzn-trace-id": "own" }, { endStream: true });
  else if (headers[":path"] === "/broken") stream.respond({ ":status": 500 }, { endStream: true });
  else setImmediate(() => stream.respond({ ":status": 200, "content-length": 5 }) ?? stream.end("hello"));
}

const plain = createServer().on("stream", answer);
/** The other interface, which looks like that of `node:http`. */
const secure = createSecureServer({ key: pem, cert: pem }, (request, response) => {
  if (request.url === "/compatible") response.writeHead(200, { "x-tea": "green" }).end("hello");
  else answer(response.stream, request.headers);
});

beforeAll(async () => {
  const manager = new AsyncContextManager();
  const propagator = new XRayPropagator();
  const processor = { onStart: () => {}, onEnd: (span: EndedSpan) => ended.push(span) };
  const sampler = { shouldSample: () => ({ decision: 2 }) as const };
  const tracer = new XRayTracer(
    { sampler, processor, environment: {}, isLambda: false, resource: { attributes: {} } },
    { name: "http2" },
  );
  context.setGlobalContextManager(manager);
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  stops.push(traceHttp2Servers({ tracer, propagator, manager }), traceHttp2Clients({ tracer, propagator }));
  for (const server of [plain, secure]) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(() => {
  for (const stop of stops) stop();
  context.disable();
  trace.disable();
  plain.close();
  secure.close();
});

beforeEach(() => {
  ended = [];
  seenHeaders = [];
  activeInHandler = [];
});

afterEach(() => {
  for (const session of sessions.splice(0)) session.destroy();
});

function open(server: Http2Server): ClientHttp2Session {
  const { port } = server.address() as AddressInfo;
  const session = connect(`${server === plain ? "http" : "https"}://127.0.0.1:${port}`, { rejectUnauthorized: false });
  sessions.push(session);
  return session;
}

const ask = (session: ClientHttp2Session, headers: Record<string, string>) =>
  new Promise<void>((resolve) => {
    const stream = session.request(headers);
    stream.on("error", () => "the span has it").on("close", resolve);
    stream.resume().end();
  });

const spans = async (kind: SpanKind, count = 1): Promise<EndedSpan[]> => {
  const of = () => ended.filter((span) => span.kind === kind);
  await expect.poll(() => of().length).toBe(count);
  return of();
};

it.each([
  ["without", "http", plain],
  ["with", "https", secure],
] as const)("a call %s TLS is a span, and the callee's parent", async (_, scheme, server) => {
  await ask(open(server as Http2Server), { ":path": "/hello?token=1" });
  const [client] = await spans(SpanKind.CLIENT);
  const [served] = await spans(SpanKind.SERVER);
  const { port } = server.address() as AddressInfo;
  expect(served!.parentSpanContext).toMatchObject({ spanId: client!.spanContext().spanId, isRemote: true });
  expect(served!.spanContext().traceId).toBe(client!.spanContext().traceId);
  expect(activeInHandler).toEqual([served!.spanContext().spanId]);
  expect(client!.attributes).toEqual({
    "http.request.method": "GET",
    "url.full": `${scheme}://127.0.0.1:${port}/hello?token=1`,
    "server.address": "127.0.0.1",
    "server.port": port,
    "http.response.status_code": 200,
  });
  expect(served!.attributes).toEqual({
    "http.request.method": "GET",
    "url.scheme": scheme,
    "url.path": "/hello",
    "url.query": "token=1",
    "server.address": "127.0.0.1",
    "server.port": port,
    "network.peer.address": "127.0.0.1",
    "client.address": "127.0.0.1",
    "http.response.status_code": 200,
    "http.response.body.size": 5,
  });
});

it("requests of one session are spans of their own, each within what is active where it is made", async () => {
  const session = open(plain);
  const tracer = trace.getTracer("test");
  for (const name of ["first", "second"]) {
    await tracer.startActiveSpan(name, (job) => ask(session, { ":path": `/${name}` }).then(() => job.end()));
  }
  const jobs = await spans(SpanKind.INTERNAL, 2);
  const calls = await spans(SpanKind.CLIENT, 2);
  expect(calls.map((call) => call.parentSpanContext?.spanId)).toEqual(jobs.map((job) => job.spanContext().spanId));
});

it("an answer that is a fault says so on both sides", async () => {
  await ask(open(plain), { ":path": "/broken" });
  for (const kind of [SpanKind.CLIENT, SpanKind.SERVER]) {
    const [span] = await spans(kind);
    expect(span!.attributes["http.response.status_code"]).toBe(500);
    expect(span!.status.code).toBe(2);
  }
});

it("a call that is reset has its error, once", async () => {
  await ask(open(plain), { ":path": "/reset" });
  const [client] = await spans(SpanKind.CLIENT);
  expect(client!.status.code).toBe(2);
  expect(client!.events.map(({ name }) => name)).toEqual(["exception"]);
  const [served] = await spans(SpanKind.SERVER);
  expect(served!.attributes).toMatchObject({ "error.type": "aborted" });
});

it("a call that cannot be made is a failed span, and the application's error", async () => {
  const session = open(plain);
  expect(() => session.request({ ":path": "/", ":nonsense": "1" })).toThrow("pseudoheader");
  const [client] = await spans(SpanKind.CLIENT);
  expect(client!.attributes["error.type"]).toBe("ERR_HTTP2_INVALID_PSEUDOHEADER");
});

it("a request with a trace header is left to whoever has set it", async () => {
  await ask(open(plain), { ":path": "/hello", "X-Amzn-Trace-Id": header });
  const [served] = await spans(SpanKind.SERVER);
  expect(served!.parentSpanContext?.spanId).toBe("53995c3f42cd8ad8");
  expect(seenHeaders[0]!["x-amzn-trace-id"]).toBe(header);
  expect(ended).toEqual([served]);
});

it("calls that are not to be traced are not, and get no header", async () => {
  await context.with(suppress(context.active()), () => ask(open(plain), { ":path": "/hello" }));
  const [served] = await spans(SpanKind.SERVER);
  expect(ended).toEqual([served]);
  expect(seenHeaders[0]).not.toHaveProperty("x-amzn-trace-id");
});

it.each([
  ["headers", "/hello", plain],
  ["none", "/bare", plain],
  ["a file", "/file", plain],
  ["the other interface's headers", "/compatible", secure],
] as const)("who sends Sampled=? is told what was decided, beside %s", async (_, path, server) => {
  const answered = await headersOf(server as Http2Server, path, "Sampled=?");
  const [served] = await spans(SpanKind.SERVER);
  const { traceId } = served!.spanContext();
  expect(answered["x-amzn-trace-id"]).toBe(`Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Sampled=1`);
  expect(answered["x-tea"]).toBe(path === "/file" || path === "/compatible" ? "green" : undefined);
});

it("nobody else is told, and the application's own header stays", async () => {
  expect(await headersOf(plain, "/hello", "Sampled=1")).not.toHaveProperty("x-amzn-trace-id");
  expect(await headersOf(plain, "/own", "Sampled=?")).toMatchObject({ "x-amzn-trace-id": "own" });
});

const headersOf = (server: Http2Server, path: string, header: string) =>
  new Promise<IncomingHttpHeaders>((resolve, reject) => {
    const stream = open(server).request({ ":path": path, "x-amzn-trace-id": header });
    stream.on("error", reject).on("response", resolve).resume().end();
  });
