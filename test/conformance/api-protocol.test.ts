import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { ThrottledException } from "@aws-sdk/client-xray";
import { afterAll, beforeAll, expect, it } from "vitest";
import { operations } from "../../src/api/operations.ts";
import { aDocument } from "../fixtures/builders.ts";
import { type AServer, aServer, putFixtures } from "./a-server.ts";

let server: AServer;
beforeAll(async () => {
  server = await aServer();
  await putFixtures(server);
});
afterAll(() => server?.close());

const port = (): number => Number(new URL(server.addresses.http).port);

/** A request with headers that fetch would not let pass. */
async function raw(
  options: { method?: string; path?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<{ status: number; headers: Record<string, string>; bytes: Buffer }> {
  const { method = "GET", path = "/healthz", headers = {}, body } = options;
  const sent = request({ host: "127.0.0.1", port: port(), method, path, headers, agent: false });
  sent.end(body);
  const [answer] = await once(sent, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return { status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(chunks) };
}

it("a bare post, unsigned and without a content type, is answered", async () => {
  const { status, headers, bytes } = await raw({ method: "POST", path: "/Groups" });
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("application/json");
  expect(headers["x-amzn-requestid"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.parse(bytes.toString()).Groups.length).toBe(1);
});

it.each(["", "{}", '{"NextToken": null}', '{"NextToken": ""}'])("GetSamplingRules takes the body %j", async (body) => {
  const { status } = await raw({ method: "POST", path: "/GetSamplingRules", body });
  expect(status).toBe(200);
});

it.each([
  "text/plain",
  "application/x-amz-json-1.1",
  "not a type",
  "application/json; charset=utf-8",
  "multipart/form-data",
])("the content type %s makes no difference", async (type) => {
  const { status } = await server.post("/Traces", '{"TraceIds":[]}', { "content-type": type });
  expect(status).toBe(200);
});

it.each(operations.map(({ name, path }) => [name, path]))(
  "%s never answers bad input as its own fault",
  async (_, path) => {
    const bodies = [
      "{",
      "\0\u0001\u0002",
      "[]",
      "null",
      "1",
      '"x"',
      '{"StartTime":"x","EndTime":[]}',
      '{"StartTime":1e999,"EndTime":1}',
      '{"StartTime":-1,"EndTime":1e15}',
      '{"TraceIds":"x","TraceSegmentDocuments":{},"TelemetryRecords":5,"SamplingStatisticsDocuments":[1]}',
      '{"TraceIds":[null],"TraceSegmentDocuments":[null],"TelemetryRecords":[{}],"SamplingStatisticsDocuments":[{}]}',
      '{"__proto__":{"TraceIds":["x"]},"constructor":1}',
      '{"StartTime":1,"EndTime":2,"FilterExpression":5,"Period":-1,"Sampling":"yes","SamplingStrategy":[]}',
      `{"StartTime":1,"EndTime":2,"FilterExpression":"${"(".repeat(5_000)}"}`,
      `{"StartTime":1,"EndTime":2,"FilterExpression":"${"(".repeat(1_900)}"}`,
      `{"a":${"[".repeat(100_000)}`,
    ];
    for (const body of bodies) {
      const { status, headers, body: answer } = await server.post(path!, body);
      expect([body.slice(0, 50), status < 500]).toEqual([body.slice(0, 50), true]);
      if (status === 200) continue;
      expect(headers.get("x-amzn-errortype")).toMatch(/^[A-Za-z]+Exception$/);
      expect(answer.Message).toEqual(expect.any(String));
    }
  },
);

it("a member that is missing or ill-typed is named", async () => {
  expect((await server.post("/TraceSegments", {})).body).toEqual({
    Message: "TraceSegmentDocuments is missing: it must be a list.",
  });
  expect((await server.post("/TraceSummaries", { StartTime: 1, EndTime: true })).body).toEqual({
    Message: "EndTime must be epoch seconds.",
  });
});

it.each([
  ["POST", "/Nowhere"],
  ["POST", "/CreateGroups"],
  ["PUT", "/Traces"],
  ["DELETE", "/"],
  ["GET", "/api/nowhere"],
])("%s %s is no operation, said in AWS's shape", async (method, path) => {
  const { status, headers, bytes } = await raw({ method, path, ...(method === "POST" && { body: "{}" }) });
  expect(status).toBe(404);
  expect(headers["x-amzn-errortype"]).toBe("UnknownOperationException");
  expect(JSON.parse(bytes.toString()).Message).toContain(path);
});

it.each(["/%zz", "/api/traces/%zz/documents", "/trace/%c3%28", "/.env", "//", "/events?filter=%zz"])(
  "the broken address %s is never our own fault",
  async (path) => {
    const answer = await raw({ path });
    // Where the console is not built, its place is taken by a page that says so.
    expect([path, answer.status < 500 || answer.bytes.includes("npm run build")]).toEqual([path, true]);
  },
);

it.each([
  "/../package.json",
  "/assets/../../../package.json",
  "/%2e%2e/%2e%2e/package.json",
  "/assets/..%2f..%2f..%2fpackage.json",
  "/assets/..%5c..%5cpackage.json",
  "/assets//etc/passwd",
  "/assets/%00/../../package.json",
])("the address %s does not leave the console's folder", async (path) => {
  const { bytes } = await raw({ path });
  expect(bytes.toString()).not.toMatch(/"devDependencies"|root:x:/);
});

it("a body over the limit is refused without being read", async () => {
  const { status, headers, body } = await server.post("/TraceSegments", "x".repeat(17 * 2 ** 20));
  expect(status).toBe(413);
  expect(headers.get("x-amzn-errortype")).toBe("RequestEntityTooLargeException");
  expect(body.Message).toContain("larger than");
});

it("ten megabytes of documents are taken in one call", async () => {
  const text = 'a "quoted" word '.repeat(60);
  const documents = Array.from({ length: 8_000 }, () => aDocument({ metadata: { default: { text } } }));
  const { status, body } = await server.post("/TraceSegments", { TraceSegmentDocuments: documents });
  expect([status, body]).toEqual([200, { UnprocessedTraceSegments: [] }]);
});

it.each(["evil.example", "evil.example:2000", "169.254.169.254"])("the host name %s is not ours", async (host) => {
  for (const [method, path] of [
    ["GET", "/"],
    ["GET", "/events"],
    ["GET", "/api/status"],
    ["POST", "/TraceSummaries"],
  ]) {
    const answer = await raw({ method: method!, path: path!, headers: { host } });
    expect([path, answer.status]).toEqual([path, 403]);
    expect(answer.headers["x-amzn-errortype"]).toBe("AccessDeniedException");
    expect(JSON.parse(answer.bytes.toString()).Message).toContain("does not answer to the name");
  }
});

it("a page of another site can neither post nor read", async () => {
  for (const origin of ["http://evil.example", "null", `http://127.0.0.1:${port() + 1}`]) {
    const headers = { host: `127.0.0.1:${port()}`, origin };
    expect((await raw({ method: "POST", path: "/TraceSegments", headers, body: "{}" })).status).toBe(403);
    expect((await raw({ path: "/events", headers })).status).toBe(403);
    const preflight = await raw({ method: "OPTIONS", path: "/TraceSegments", headers });
    expect(preflight.status).toBe(403);
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  }
});

it("our own page can", async () => {
  const headers = { host: `localhost:${port()}`, origin: `http://localhost:${port()}` };
  expect((await raw({ method: "POST", path: "/Groups", headers, body: "{}" })).status).toBe(200);
});

it("every answer carries the security headers", async () => {
  for (const path of ["/healthz", "/", "/api/status", "/nowhere/at/all", "/api/nowhere"]) {
    const { headers } = await raw({ path });
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["x-frame-options"]).toBe("DENY");
  }
});

it("a large answer is compressed when the client takes that, a small one never", async () => {
  const path = "/ServiceGraph";
  const body = JSON.stringify({ StartTime: 1_699_999_000, EndTime: 1_700_001_000 });
  const plain = await raw({ method: "POST", path, body });
  const small = await raw({ method: "POST", path: "/Groups", body: "{}", headers: { "accept-encoding": "gzip" } });
  const gzipped = await raw({ method: "POST", path, body, headers: { "accept-encoding": "gzip, br" } });
  expect(plain.headers["content-encoding"]).toBeUndefined();
  expect(small.headers["content-encoding"]).toBeUndefined();
  expect(gzipped.headers["content-encoding"]).toBe("gzip");
  expect(gunzipSync(gzipped.bytes)).toEqual(plain.bytes);
});

it("bytes that are no HTTP are answered once and the connection ends", async () => {
  const socket = connect(port(), "127.0.0.1");
  socket.write("\x16\x03\x01 this is not HTTP\r\n\r\n");
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 400 /);
  expect((await raw()).status).toBe(200);
});

it("a client that never finishes its headers is given up on", async () => {
  const socket = connect(port(), "127.0.0.1");
  socket.write("POST /TraceSegments HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 408 /);
}, 30_000);

it("a full queue is a reason to come again", async () => {
  const tight = await aServer({ queueBytes: "100" });
  try {
    const { status, headers } = await tight.post("/TraceSegments", { TraceSegmentDocuments: [aDocument()] });
    expect(status).toBe(429);
    expect(headers.get("x-amzn-errortype")).toBe(ThrottledException.name);
  } finally {
    await tight.close();
  }
});

it("health, status and metrics say how it fares", async () => {
  const health = await raw();
  expect([health.status, JSON.parse(health.bytes.toString())]).toEqual([200, { status: "ok" }]);
  const state = JSON.parse((await raw({ path: "/api/status" })).bytes.toString());
  expect(state).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    addresses: server.addresses,
    readOnly: false,
    counters: { refused: expect.any(Number), dropped: 0, waiting: 0 },
    store: { traces: expect.any(Number), segments: expect.any(Number), bytes: expect.any(Number) },
    receiver: { socketBufferBytes: expect.any(Number) },
  });
  expect(state.counters.received).toBe(state.counters.accepted + state.counters.refused);
  const metrics = (await raw({ path: "/metrics" })).bytes.toString();
  expect(metrics).toContain(`fluoroscope_documents_stored_total ${state.counters.stored}\n`);
  for (const line of metrics.trim().split("\n")) {
    expect(line).toMatch(/^(# (HELP|TYPE) fluoroscope_\w+ .+|fluoroscope_\w+(\{\w+="\w+"\})? -?[\d.e+]+)$/);
  }
});

it("it refuses to open itself to the network by accident", async () => {
  const attempt = aServer({ host: "0.0.0.0" });
  await expect(attempt).rejects.toMatchObject({
    code: "FLUORO_BAD_CONFIG",
    message: expect.stringContaining("--unsafe-no-auth"),
  });
  const open = await aServer({ host: "0.0.0.0", unsafeNoAuth: "true" });
  await open.close();
});

it("a port that is taken is said to be, by whom, and how to go on", async () => {
  const attempt = aServer({ port: String(port()) });
  await expect(attempt).rejects.toMatchObject({
    code: "FLUORO_PORT_IN_USE",
    message: expect.stringMatching(
      new RegExp(`UDP port ${port()} on 127.0.0.1 is in use by .*pid ${process.pid}.*--port ${port() + 1}`),
    ),
  });
});
