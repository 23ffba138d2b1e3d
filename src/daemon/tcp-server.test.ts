import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterEach, expect, it } from "vitest";
import type { HttpAnswer } from "../forward/http-client.ts";
import type { OutboxFigures } from "../forward/outbox-figures.ts";
import { ForwardError } from "../forward/way-out.ts";
import type { XrayApi, XrayApiRequest } from "../forward/xray-api.ts";
import { silentLog } from "../log.ts";
import type { DaemonStatus } from "./daemon-status.ts";
import { openTcpServer, type TcpServer, type TcpServerOptions } from "./tcp-server.ts";

const figures: OutboxFigures = {
  put: 10,
  sent: 6,
  unprocessed: { InvalidSegment: 1 },
  dropped: {},
  waiting: 2,
  waitingBytes: 2_000,
  spilled: 1,
  spilledBytes: 1_200,
  spilledEver: 4,
  requests: 3,
  retries: 2,
  sentBytes: 9_000,
  failures: { timeout: 2, connectionRefused: 0, unknownHost: 0, "4xx": 0, "5xx": 0, other: 0 },
  latency: {
    buckets: [
      [0.1, 2],
      [Number.POSITIVE_INFINITY, 3],
    ],
    sum: 1.5,
  },
};
const well: DaemonStatus = {
  version: "0.1.0",
  uptimeSeconds: 5,
  addresses: { udp: "127.0.0.1:2000", tcp: "127.0.0.1:2000" },
  counters: { received: 12, accepted: 10, refused: 2, dropped: 0, waiting: 0, stored: 10 },
  problemCounts: { BadHeader: 2 },
  receiver: { maxStallMs: 3, lostBySystem: 0, socketBufferBytes: 8_388_608 },
  waysOut: [{ name: "aws eu-central-1", health: { state: "ready" }, figures }],
  troubles: [],
};
const stuck: DaemonStatus = {
  ...well,
  waysOut: [{ name: "aws eu-central-1", health: { state: "degraded", reason: "No answer." }, figures }],
};

let server: TcpServer | undefined;
afterEach(() => server?.close(0));

async function serve(options: Partial<TcpServerOptions> = {}): Promise<string> {
  server = await openTcpServer({
    host: "127.0.0.1",
    port: 0,
    api: () => undefined,
    answerLocally: async () => undefined,
    status: () => well,
    problems: () => ({ problems: [], counts: { BadHeader: 2 } }),
    log: silentLog,
    ...options,
  });
  return `http://127.0.0.1:${server.port}`;
}

/** An X-Ray API that notes what it is asked. */
function anApi(answer: Partial<HttpAnswer> | Error = {}): XrayApi & { readonly asked: XrayApiRequest[] } {
  const asked: XrayApiRequest[] = [];
  return {
    asked,
    name: "aws eu-central-1",
    endpoint: new URL("https://xray.eu-central-1.amazonaws.com"),
    async request(request) {
      asked.push(request);
      if (answer instanceof Error) throw answer;
      return { status: 200, headers: {}, body: Buffer.from("{}"), ...answer };
    },
    close: async () => {},
  };
}

/** Without any client's own ideas about headers. */
async function ask(url: string, options: { method?: string; headers?: Record<string, string>; path?: string } = {}) {
  const { port, pathname, search } = new URL(url);
  const sent = httpRequest({ port, host: "127.0.0.1", path: pathname + search, ...options });
  sent.end();
  const [answer] = await once(sent, "response");
  let body = "";
  for await (const chunk of answer) body += chunk;
  return { status: answer.statusCode as number, headers: answer.headers as Record<string, string>, body };
}

it("a daemon that is well says so", async () => {
  const url = await serve();
  const answer = await fetch(`${url}/healthz`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ status: "ready" });
});

it("a daemon that waits for its other side is alive, and tells those who ask strictly", async () => {
  const url = await serve({ status: () => stuck });
  const alive = await fetch(`${url}/healthz`);
  const strict = await fetch(`${url}/healthz?strict`);
  expect([alive.status, strict.status]).toEqual([200, 503]);
  const reasons = ["aws eu-central-1: No answer."];
  expect(await alive.json()).toEqual({ status: "degraded", reasons });
  expect(await strict.json()).toEqual({ status: "degraded", reasons });
  expect((await fetch(`${url}/healthz`, { method: "HEAD" })).status).toBe(200);
});

it("status and problems are there as JSON", async () => {
  const url = await serve();
  const status = (await (await fetch(`${url}/api/status`)).json()) as DaemonStatus;
  expect(status.counters).toEqual(well.counters);
  expect(status.waysOut[0]).toMatchObject({ name: "aws eu-central-1", figures: { sent: 6, spilled: 1 } });
  expect(await (await fetch(`${url}/api/problems`)).json()).toEqual({ problems: [], counts: { BadHeader: 2 } });
});

it("what a client asks of the X-Ray API is passed on with its address, and the answer is passed back", async () => {
  const api = anApi({
    status: 418,
    headers: {
      "content-type": "application/json",
      "x-amzn-requestid": "1-2",
      connection: "keep-alive, x-hop",
      "x-hop": "1",
      "content-length": "99",
    },
    body: Buffer.from('{"a":1}'),
  });
  const url = await serve({ api: () => api });
  const answer = await fetch(`${url}/GetSamplingRules?x=1`, {
    method: "POST",
    headers: { "content-type": "text/plain", "x-forwarded-for": "10.0.0.9" },
    body: '{"NextToken":null}',
  });
  expect(answer.status).toBe(418);
  expect(await answer.text()).toBe('{"a":1}');
  expect(answer.headers.get("x-amzn-requestid")).toBe("1-2");
  expect(answer.headers.get("x-hop")).toBeNull();
  expect(answer.headers.get("content-length")).toBe("7");
  expect(api.asked).toHaveLength(1);
  const [asked] = api.asked;
  expect(asked).toMatchObject({ method: "POST", path: "/GetSamplingRules?x=1" });
  expect(asked!.headers).toMatchObject({ "content-type": "text/plain", "x-forwarded-for": "10.0.0.9, 127.0.0.1" });
  expect(Buffer.from(asked!.body).toString()).toBe('{"NextToken":null}');
});

it.each([
  ["connectionRefused", 502, "BadGatewayException"],
  ["unknownHost", 502, "BadGatewayException"],
  ["timeout", 504, "GatewayTimeoutException"],
] as const)("an X-Ray API that fails with %s is explained with %i", async (kind, status, type) => {
  const failure = new ForwardError("xray.example is not there. Check the address.", { kind, advice: "retry" });
  const url = await serve({ api: () => anApi(failure) });
  const answer = await fetch(`${url}/Traces`, { method: "POST", body: "{}" });
  expect(answer.status).toBe(status);
  expect(answer.headers.get("x-amzn-errortype")).toBe(type);
  expect(await answer.json()).toEqual({ Message: "xray.example is not there. Check the address." });
});

it("the request to the API ends when the client goes away", async () => {
  let signal: AbortSignal | undefined;
  const asked = new Promise<void>((resolve) => {
    const api: XrayApi = {
      ...anApi(),
      request(request) {
        signal = request.signal;
        resolve();
        return new Promise((_, reject) => signal!.addEventListener("abort", () => reject(new Error("stopped"))));
      },
    };
    void serve({ api: () => api }).then((url) => {
      const client = connect(Number(new URL(url).port), "127.0.0.1");
      client.write("POST /Traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
      void asked.then(() => client.destroy());
    });
  });
  await asked;
  await once(signal!, "abort");
});

it("without an X-Ray API some calls are answered here, and others explained", async () => {
  const url = await serve({
    answerLocally: async ({ method, path, body, userAgent }) =>
      path === "/SamplingTargets"
        ? { status: 400, errorType: "InvalidRequestException", body: { method, body: String(body), userAgent } }
        : undefined,
  });
  const local = await fetch(`${url}/SamplingTargets?x`, {
    method: "POST",
    headers: { "user-agent": "me" },
    body: "[]",
  });
  expect([local.status, local.headers.get("x-amzn-errortype")]).toEqual([400, "InvalidRequestException"]);
  expect(await local.json()).toEqual({ method: "POST", body: "[]", userAgent: "me" });
  const other = await fetch(`${url}/Traces`, { method: "POST", body: "{}" });
  expect([other.status, other.headers.get("x-amzn-errortype")]).toEqual([404, "UnknownOperationException"]);
  expect(await other.json()).toEqual({ Message: expect.stringContaining("aws eu-central-1") });
});

it("a body of more than 16 MB is refused, whether its size is told or not", async () => {
  const api = anApi();
  const url = await serve({ api: () => api });
  const big = Buffer.alloc(16 * 2 ** 20 + 1);
  const told = await fetch(`${url}/TraceSegments`, { method: "POST", body: big });
  expect(told.status).toBe(413);
  await told.text();
  const untold = new ReadableStream({
    start(controller) {
      controller.enqueue(big);
      controller.close();
    },
  });
  const answer = await fetch(`${url}/TraceSegments`, { method: "POST", body: untold, duplex: "half" } as RequestInit);
  expect(answer.status).toBe(413);
  expect(api.asked).toEqual([]);
});

it.each([
  ["127.0.0.1", { host: "evil.example:2000" }, 403],
  ["127.0.0.1", { host: "localhost", origin: "http://evil.example" }, 403],
  ["127.0.0.1", { host: "localhost" }, 200],
  ["127.0.0.1", { host: "host.docker.internal:2000" }, 200],
  ["0.0.0.0", { host: "xray-service.default:2000" }, 200],
  ["0.0.0.0", { host: "xray.default.svc.cluster.local" }, 200],
  ["0.0.0.0", { host: "evil.example", origin: "http://evil.example" }, 403],
])("bound to %s, a caller with %j is answered %i", async (host, headers, status) => {
  const api = anApi();
  const url = await serve({ host, api: () => api });
  for (const path of ["/GetSamplingRules", "/metrics", "/healthz"]) {
    const method = path === "/GetSamplingRules" ? "POST" : "GET";
    expect((await ask(url + path, { method, headers })).status).toBe(status);
  }
  expect(api.asked).toHaveLength(status === 200 ? 1 : 0);
});

it("a whole URL in the place of a path leads nowhere", async () => {
  const api = anApi();
  const url = await serve({ api: () => api });
  expect((await ask(url, { method: "POST", path: "http://evil.example/x" })).status).toBe(400);
  expect((await ask(url, { method: "OPTIONS", path: "*" })).status).toBe(400);
  expect(api.asked).toEqual([]);
});

it("a failure of our own is answered, and does not end the server", async () => {
  const url = await serve({
    answerLocally: async () => {
      throw new Error("a bug");
    },
  });
  const answer = await fetch(`${url}/SamplingTargets`, { method: "POST", body: "{}" });
  expect([answer.status, await answer.json()]).toEqual([500, { Message: "Something went wrong here." }]);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});
