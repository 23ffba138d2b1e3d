import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { assembleTrace } from "../trace/assemble-trace.ts";
import { parseSegment } from "../trace/parse-segment.ts";
import type { Segment } from "../trace/segment.ts";
import { readDatagram } from "../xray/datagram.ts";
import { type CallOptions, type CallResult, call } from "./call.ts";
import { headerValue } from "./exchange.ts";

const tls = readFileSync(new URL("../../test/fixtures/localhost-tls.pem", import.meta.url));

async function listening<S extends TcpServer>(server: S, host = "127.0.0.1"): Promise<S & { port: number }> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    if ("closeAllConnections" in server) (server as unknown as Server).closeAllConnections();
    server.close();
  });
  return Object.assign(server, { port: (server.address() as AddressInfo).port });
}

/** A server that answers with `respond`, and keeps the requests it has seen. */
async function aServer(respond: RequestListener = (_, response) => response.end("hello"), host?: string) {
  const seen: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method!, url: request.url!, headers: request.headers, body });
    respond(request, response);
  };
  const { port } = await listening(createServer(listener), host);
  const url = host?.includes(":") ? `http://[${host}]:${port}` : `http://${host ?? "127.0.0.1"}:${port}`;
  return { seen, port, url };
}

async function aDaemon() {
  const socket = createSocket("udp4");
  const segments: Segment[] = [];
  socket.on("message", (bytes) => {
    const read = readDatagram(bytes);
    if (read.kind === "refused") throw new Error(read.message);
    const parsed = parseSegment(new TextDecoder().decode(read.bytes));
    if (parsed.kind === "refused") throw new Error(parsed.problem.message);
    segments.push(...parsed.segments);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  onTestFinished(() => void socket.close());
  return { segments, address: `127.0.0.1:${(socket.address() as AddressInfo).port}` };
}

/** Calls, with a daemon of its own; answers the result and the one document that the daemon got, as it was understood. */
async function traced(url: string, options: CallOptions = {}): Promise<{ result: CallResult; segment: Segment }> {
  const daemon = await aDaemon();
  const result = await call(url, { daemonAddress: daemon.address, environment: {}, ...options });
  expect(result.trace.problem).toBeUndefined();
  await expect.poll(() => daemon.segments.length).toBe(1);
  return { result, segment: daemon.segments[0]! };
}

const text = (result: CallResult): string => new TextDecoder().decode(result.body);
const hopsOf = (segment: Segment): readonly Segment[] => segment.subsegments;
const phaseNames = (segment: Segment): string[] => segment.subsegments[0]!.subsegments.map(({ name }) => name);

it("a call is one segment with one remote subsegment, as the X-Ray SDKs record it", async () => {
  const { seen, url, port } = await aServer();
  const { result, segment } = await traced(`${url}/hello?token=secret#frag`);
  expect(text(result)).toBe("hello");
  expect(seen[0]).toMatchObject({ method: "GET", url: "/hello?token=secret" });
  expect(segment).toMatchObject({ name: "call-cli", fault: false, error: false, inProgress: false });
  expect(segment.http).toBeUndefined();
  expect(hopsOf(segment)).toMatchObject([
    {
      name: "127.0.0.1",
      namespace: "remote",
      http: { method: "GET", url: `http://127.0.0.1:${port}/hello`, status: 200, contentLength: 5 },
    },
  ]);
  expect(JSON.stringify(result.trace.documents)).not.toContain("secret");

  const trace = assembleTrace(segment.traceId, [segment]);
  expect(trace.segments.map(({ node, inferred }) => [node.name, node.type, inferred])).toEqual([
    ["call-cli", undefined, false],
    ["127.0.0.1", "remote", true],
  ]);
  expect(trace.isPartial).toBe(false);
});

it("the callee is told of the trace in both headers", async () => {
  const { seen, url } = await aServer();
  const { segment } = await traced(url);
  const parent = hopsOf(segment)[0]!.id;
  expect(seen[0]!.headers["x-amzn-trace-id"]).toBe(`Root=${segment.traceId};Parent=${parent};Sampled=1`);
  const w3cId = segment.traceId.replaceAll("-", "").slice(1);
  expect(seen[0]!.headers.traceparent).toBe(`00-${w3cId}-${parent}-01`);
});

it("the phases follow one another without gaps, and fill the call", async () => {
  const { port } = await aServer();
  const { segment } = await traced(`http://localhost:${port}/`);
  const hop = hopsOf(segment)[0]!;
  expect(phaseNames(segment)).toEqual(["DNS", "connect", "wait", "download"]);
  expect(hop.subsegments.every(({ namespace }) => namespace === undefined)).toBe(true);
  const edges = [hop.startSeconds, ...hop.subsegments.map(({ endSeconds }) => endSeconds)];
  expect(hop.subsegments.map(({ startSeconds }) => startSeconds)).toEqual(edges.slice(0, -1));
  expect(edges.at(-1)).toBe(hop.endSeconds);
});

it.each([
  [404, { error: true, throttle: false, fault: false }],
  [429, { error: true, throttle: true, fault: false }],
  [503, { error: false, throttle: false, fault: true }],
])("status %i flags the call and leaves the segment alone", async (status, flags) => {
  const { url } = await aServer((_, response) => response.writeHead(status).end());
  const { result, segment } = await traced(url);
  expect(result.failure).toBeUndefined();
  expect(hopsOf(segment)[0]).toMatchObject({ ...flags, http: { status } });
  expect(segment).toMatchObject({ fault: false, error: false, throttle: false });
});

it("redirects are followed when asked for, each request a subsegment and a caller of its own", async () => {
  const { url: target, seen } = await aServer();
  const { url } = await aServer((_, response) => response.writeHead(302, { location: `${target}/there` }).end("gone"));
  const once = await traced(`${url}/here`);
  expect(once.result.head?.status).toBe(302);

  const { result, segment } = await traced(`${url}/here`, {
    followRedirects: true,
    body: "a=1",
    headers: [["Authorization", "Bearer x"]],
  });
  expect(text(result)).toBe("hello");
  expect(hopsOf(segment).map(({ http }) => [http?.method, http?.url, http?.status])).toEqual([
    ["POST", `${url}/here`, 302],
    ["GET", `${target}/there`, 200],
  ]);
  expect(seen[0]).toMatchObject({ method: "GET", body: "" });
  expect(seen[0]!.headers["x-amzn-trace-id"]).toContain(`Parent=${hopsOf(segment)[1]!.id}`);
  expect(seen[0]!.headers).not.toHaveProperty("authorization");
  expect(seen[0]!.headers).not.toHaveProperty("content-type");
});

it("a 307 repeats the request with its body", async () => {
  const { url, seen } = await aServer((request, response) =>
    request.url === "/a" ? response.writeHead(307, { location: "/b" }).end() : response.end("ok"),
  );
  const { result } = await traced(`${url}/a`, { followRedirects: true, body: "a=1" });
  expect(text(result)).toBe("ok");
  expect(seen.map(({ method, body }) => [method, body])).toEqual([
    ["POST", "a=1"],
    ["POST", "a=1"],
  ]);
});

it("a circle of redirects ends, as a fault", async () => {
  const { url } = await aServer((_, response) => response.writeHead(302, { location: "/" }).end());
  const { result, segment } = await traced(url, { followRedirects: true, maxRedirects: 3 });
  expect(result.failure).toMatchObject({ kind: "redirects", message: expect.stringContaining("3 times") });
  expect(hopsOf(segment)).toHaveLength(4);
  expect(segment.fault).toBe(true);
});

it("an IPv6 address is a host like any other", async () => {
  const { url, port } = await aServer(undefined, "::1");
  const { result, segment } = await traced(`${url}/x`);
  expect(text(result)).toBe("hello");
  expect(hopsOf(segment)[0]).toMatchObject({ name: "::1", http: { url: `http://[::1]:${port}/x` } });
});

it.each([
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
])("a body packed with %s is unpacked", async (encoding, pack) => {
  const packed = pack("hello ".repeat(1_000));
  const { url, seen } = await aServer((_, response) => response.setHeader("content-encoding", encoding).end(packed));
  const { result, segment } = await traced(url);
  expect(text(result)).toBe("hello ".repeat(1_000));
  expect(seen[0]!.headers["accept-encoding"]).toBe("gzip, deflate, br");
  expect(result.hops[0]!.receivedBytes).toBe(packed.length);
  expect(hopsOf(segment)[0]!.http?.contentLength).toBe(packed.length);
});

it("a body in an encoding that the caller asked for by hand is left packed", async () => {
  const packed = gzipSync("hello");
  const { url } = await aServer((_, response) => response.setHeader("content-encoding", "gzip").end(packed));
  const { result } = await traced(url, { headers: [["accept-encoding", "gzip"]] });
  expect(Buffer.from(result.body)).toEqual(packed);
});

it("a packed body that breaks off is a failure, told with what came before", async () => {
  const packed = gzipSync("hello ".repeat(1_000)).subarray(0, 30);
  const { url } = await aServer((_, response) => response.setHeader("content-encoding", "gzip").end(packed));
  const { result, segment } = await traced(url);
  expect(result.head?.status).toBe(200);
  expect(result.failure).toMatchObject({ kind: "protocol", phase: "download" });
  expect(hopsOf(segment)[0]!.fault).toBe(true);
});

it("a response without a body may still name an encoding", async () => {
  const { url } = await aServer((_, response) => response.setHeader("content-encoding", "gzip").end());
  const { result } = await traced(url, { method: "HEAD" });
  expect(result.failure).toBeUndefined();
  expect((await traced(url)).result.failure).toBeUndefined();
});

it("headers are sent as given: repeated, replaced, and taken back", async () => {
  const { url, seen } = await aServer();
  await traced(url, {
    body: "{}",
    headers: [
      ["Content-Type", "application/json"],
      ["X-Many", "1"],
      ["X-Many", "2"],
      ["User-Agent", undefined],
      ["X-Word", "grün"],
    ],
  });
  expect(seen[0]).toMatchObject({
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/json", "content-length": "2", "x-many": "1, 2" },
  });
  expect(seen[0]!.headers).not.toHaveProperty("user-agent");
  expect(Buffer.from(seen[0]!.headers["x-word"] as string, "latin1").toString()).toBe("grün");
});

it("a user in the URL becomes a header, and is recorded nowhere", async () => {
  const { port, seen } = await aServer();
  const { result } = await traced(`http://ann:p%40ss@127.0.0.1:${port}/`);
  expect(seen[0]!.headers.authorization).toBe(`Basic ${Buffer.from("ann:p@ss").toString("base64")}`);
  expect(JSON.stringify(result.trace.documents)).not.toMatch(/ann|p@ss|p%40ss/);
});

it("a port without a listener is a fault with its cause, on the call and on the caller", async () => {
  const closed = await freePort();
  const { result, segment } = await traced(`http://127.0.0.1:${closed}/x`);
  expect(result.head).toBeUndefined();
  expect(result.failure).toMatchObject({ kind: "refused", code: "ECONNREFUSED", phase: "connect" });
  const hop = hopsOf(segment)[0]!;
  expect(hop).toMatchObject({ fault: true, error: false, http: { method: "GET" } });
  expect(hop.http?.status).toBeUndefined();
  expect(hop.cause?.exceptions[0]).toMatchObject({
    type: "Error",
    message: `connect ECONNREFUSED 127.0.0.1:${closed}`,
  });
  expect(phaseNames(segment)).toEqual(["connect"]);
  expect(segment).toMatchObject({ fault: true, cause: { reference: hop.cause?.exceptions[0]?.id } });
});

it("a refused connection is known as one whatever the number of addresses", async () => {
  const { result } = await traced(`http://localhost:${await freePort()}/`);
  expect(result.failure).toMatchObject({ kind: "refused" });
});

it("a host that does not exist is a fault in the DNS phase", async () => {
  const { result, segment } = await traced("http://shop.invalid/x");
  expect(result.failure).toMatchObject({ kind: "dns", message: expect.stringContaining('"shop.invalid"') });
  expect(phaseNames(segment)).toEqual(["DNS"]);
  expect(hopsOf(segment)[0]).toMatchObject({ name: "shop.invalid", fault: true });
});

it("TLS has a phase, and a certificate that nobody vouches for is refused unless told otherwise", async () => {
  const server = createTlsServer({ key: tls, cert: tls }, (_, response) => response.end("safe"));
  const { port } = await listening(server);
  const refused = await traced(`https://localhost:${port}/`);
  expect(refused.result.failure).toMatchObject({ kind: "tls", message: expect.stringContaining("-k") });
  expect(phaseNames(refused.segment)).toEqual(["DNS", "connect", "TLS"]);
  expect(hopsOf(refused.segment)[0]!.fault).toBe(true);

  const trusting = await traced(`https://127.0.0.1:${port}/`, { insecure: true });
  expect(text(trusting.result)).toBe("safe");
  expect(phaseNames(trusting.segment)).toEqual(["connect", "TLS", "wait", "download"]);
});

it("https towards a port that speaks http is told as such", async () => {
  const { port } = await aServer();
  const { result } = await traced(`https://127.0.0.1:${port}/`);
  expect(result.failure).toMatchObject({ kind: "tls", phase: "TLS" });
});

it("a server that is too slow is a timeout, in the phase it was in", async () => {
  const { url } = await aServer(() => undefined);
  const { result, segment } = await traced(url, { maxTimeMs: 60 });
  expect(result.failure).toMatchObject({
    kind: "timeout",
    phase: "wait",
    message: expect.stringContaining("took longer than 0.06 s; it was still waiting for the first byte"),
  });
  expect(hopsOf(segment)[0]).toMatchObject({ fault: true, cause: { exceptions: [{ type: "TimeoutError" }] } });

  const { url: slow } = await aServer((_, response) => void response.write("half"));
  const body = await traced(slow, { maxTimeMs: 100 });
  expect(body.result).toMatchObject({ head: { status: 200 }, failure: { kind: "timeout", phase: "download" } });
  expect(text(body.result)).toBe("half");
});

it("connecting has a limit of its own", async () => {
  // Takes the connection and never says a word: the TLS handshake hangs.
  const { port } = await listening(createTcpServer(() => undefined));
  const { result } = await traced(`https://127.0.0.1:${port}/`, { connectTimeoutMs: 60 });
  expect(result.failure).toMatchObject({ kind: "timeout", phase: "TLS" });
});

it("a connection that breaks is told apart by where it broke", async () => {
  const before = await listening(createTcpServer((socket) => socket.destroy()));
  expect((await traced(`http://127.0.0.1:${before.port}/`)).result.failure).toMatchObject({
    kind: "closed",
    phase: "wait",
  });
  const { url } = await aServer((_, response) => {
    response.writeHead(200, { "content-length": 100 });
    response.write("half", () => response.destroy());
  });
  expect((await traced(url)).result.failure).toMatchObject({ kind: "closed", phase: "download" });
});

it("a port that does not speak HTTP is told as such", async () => {
  const { port } = await listening(createTcpServer((socket) => socket.end("SSH-2.0-Open\r\n")));
  expect((await traced(`http://127.0.0.1:${port}/`)).result.failure).toMatchObject({ kind: "protocol" });
});

it("a call that its caller gives up is recorded", async () => {
  const { url } = await aServer(() => undefined);
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("Interrupted")), 50);
  const { result, segment } = await traced(url, { signal: controller.signal });
  expect(result.failure?.error.message).toBe("Interrupted");
  expect(segment.fault).toBe(true);
});

it("a body can be taken piece by piece", async () => {
  const { url } = await aServer((_, response) => response.end("x".repeat(300_000)));
  let size = 0;
  const { result } = await traced(url, {
    onBody: async (chunk) => {
      size += chunk.length;
    },
  });
  expect(size).toBe(300_000);
  expect(result).toMatchObject({ bodyBytes: 300_000, body: { length: 0 } });
});

it("a kept connection has no phases for connecting", async () => {
  const { Agent } = await import("node:http");
  const { Agent: TlsAgent } = await import("node:https");
  const agents = { http: new Agent({ keepAlive: true }), https: new TlsAgent() };
  onTestFinished(() => agents.http.destroy());
  const { url } = await aServer();
  await traced(url, { agents });
  const { segment } = await traced(url, { agents });
  expect(phaseNames(segment)).toEqual(["wait", "download"]);
});

it.each(["", "http://", "ftp://host/x", "http://a b/"])("%j is no URL that can be called", async (url) => {
  await expect(call(url)).rejects.toMatchObject({ code: "FLUORO_BAD_URL" });
});

it("a header that would smuggle another one is refused", async () => {
  const { url } = await aServer();
  await expect(call(url, { headers: [["X-A", "1\r\nX-B: 2"]] })).rejects.toMatchObject({ code: "FLUORO_BAD_URL" });
});

it("a host and port without a scheme means http", async () => {
  const { port } = await aServer();
  expect(text((await traced(`127.0.0.1:${port}/x`)).result)).toBe("hello");
});

it("the segment is named by the caller, or by X-Ray's variable", async () => {
  const { url } = await aServer();
  const named = { AWS_XRAY_TRACING_NAME: "nightly" };
  expect((await traced(url, { environment: named })).segment.name).toBe("nightly");
  expect((await traced(url, { environment: named, name: "probe" })).segment.name).toBe("probe");
});

it("a daemon address that is none does not touch the call", async () => {
  const { url } = await aServer();
  const result = await call(url, { environment: { AWS_XRAY_DAEMON_ADDRESS: "nonsense" } });
  expect(text(result)).toBe("hello");
  expect(result.trace.problem).toMatchObject({ code: "FLUORO_BAD_DAEMON_ADDRESS" });
});

it("a trace header written by hand is sent as it is, and its trace is continued", async () => {
  const { url, seen } = await aServer();
  const header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
  const { segment } = await traced(url, { headers: [["x-amzn-trace-id", header]] });
  expect(segment).toMatchObject({ traceId: "1-5759e988-bd862e3fe1be46a994272793", parentId: "53995c3f42cd8ad8" });
  expect(seen[0]!.headers["x-amzn-trace-id"]).toBe(header);
  expect(seen[0]!.headers).not.toHaveProperty("traceparent");
});

it("a traceparent written by hand is sent as it is, and its trace is continued", async () => {
  const { url, seen } = await aServer();
  const header = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";
  const { segment } = await traced(url, { headers: [["traceparent", header]] });
  expect(segment).toMatchObject({ traceId: "1-5759e988-bd862e3fe1be46a994272793", parentId: "53995c3f42cd8ad8" });
  expect(seen[0]!.headers.traceparent).toBe(header);
  expect(seen[0]!.headers).not.toHaveProperty("x-amzn-trace-id");
});

it("a trace that its header leaves out of the sample is not recorded", async () => {
  const { url } = await aServer();
  const header = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0";
  const result = await call(url, { environment: {}, headers: [["X-Amzn-Trace-Id", header]] });
  expect(result.trace.documents).toEqual([]);
});

const lambda = (traceHeader?: string) => ({ LAMBDA_TASK_ROOT: "/var/task", _X_AMZN_TRACE_ID: traceHeader });
const root = "1-5759e988-bd862e3fe1be46a994272793";

it("in a sampled Lambda two calls are two datagrams below the function's segment, and there is no segment (C-138)", async () => {
  const { url, seen } = await aServer();
  const daemon = await aDaemon();
  const environment = lambda(`Root=${root};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a87bd80c:1|68fd508a:5`);
  for (const path of ["/a", "/b"]) await call(url + path, { daemonAddress: daemon.address, environment });
  await expect.poll(() => daemon.segments.length).toBe(2);
  for (const [index, subsegment] of daemon.segments.entries()) {
    expect(subsegment).toMatchObject({
      isSubsegment: true,
      traceId: root,
      parentId: "53995c3f42cd8ad8",
      namespace: "remote",
    });
    expect(seen[index]!.headers["x-amzn-trace-id"]).toBe(
      `Root=${root};Parent=${subsegment.id};Sampled=1;Lineage=a87bd80c:1|68fd508a:5`,
    );
  }
});

it("in an unsampled Lambda nothing is sent and the callee is told so (C-139)", async () => {
  const { url, seen } = await aServer();
  const result = await call(url, { environment: lambda(`Root=${root};Parent=53995c3f42cd8ad8;Sampled=0`) });
  expect(result.trace.documents).toEqual([]);
  expect(seen[0]!.headers["x-amzn-trace-id"]).toMatch(new RegExp(`^Root=${root};Parent=[0-9a-f]{16};Sampled=0$`));
  expect(seen[0]!.headers.traceparent).toMatch(/-00$/);
});

it.each([[`Root=${root}`], [""], [undefined]])(
  "in Lambda with %j nothing is sent and the callee is told nothing (C-140)",
  async (header) => {
    const { url, seen } = await aServer();
    const result = await call(url, { environment: lambda(header) });
    expect(result.head?.status).toBe(200);
    expect(result.trace.documents).toEqual([]);
    expect(seen[0]!.headers).not.toHaveProperty("x-amzn-trace-id");
    expect(seen[0]!.headers).not.toHaveProperty("traceparent");
  },
);

it("response headers keep their order and their repetitions", async () => {
  const { url } = await aServer((_, response) => response.setHeader("Set-Cookie", ["a=1", "b=2"]).end());
  const { result } = await traced(url);
  expect(result.head?.headers.filter(([name]) => name === "Set-Cookie")).toEqual([
    ["Set-Cookie", "a=1"],
    ["Set-Cookie", "b=2"],
  ]);
  expect(headerValue(result.head!.headers, "set-cookie")).toBe("a=1");
});

/** A port that nobody listens on: taken for a moment, then given back. */
async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
