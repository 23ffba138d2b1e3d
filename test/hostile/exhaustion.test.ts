import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type AServer, aServer, putFixtures } from "../conformance/a-server.ts";
import { apiFixtures, fixtureTraceId } from "../fixtures/api-fixtures.ts";

/** Two clients: this whole network is loopback, where there is Linux. */
const [greedy, modest] = ["127.0.0.2", "127.0.0.3"] as const;

let server: AServer;
let otlpPort: number;
const sockets: Socket[] = [];
beforeAll(async () => {
  server = await aServer({ otlpHttpPort: "0" });
  otlpPort = Number(new URL(server.addresses.otlpHttp!).port);
  await putFixtures(server);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => server?.close());

const port = (): number => Number(new URL(server.addresses.http).port);

/** A connection from an address; resolves when it is there, or gone again. */
function open(localAddress: string, to: number, first = ""): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port: to, localAddress }, () => {
      socket.write(first);
      resolve(socket);
    });
    socket.on("error", () => resolve(socket));
    socket.resume();
    sockets.push(socket);
  });
}

/** The status of an answer; 0 where the connection ends without one. */
function ask(localAddress: string, path: string, { body }: { body?: object } = {}): Promise<number> {
  return new Promise((resolve) => {
    const method = body === undefined ? "GET" : "POST";
    const asked = request({ host: "127.0.0.1", port: port(), path, method, localAddress, agent: false }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode!));
    });
    asked.on("error", () => resolve(0));
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const left = (all: readonly Socket[]): number => all.filter(({ destroyed }) => !destroyed).length;

describe("one client", () => {
  it.each<[string, () => number, number]>([
    ["the API", port, 768],
    ["OTLP over HTTP", () => otlpPort, 384],
  ])("has three quarters of the connections to %s, and others what is left", async (_name, to, share) => {
    const all = await Promise.all(Array.from({ length: share + 100 }, () => open(greedy, to())));
    await expect.poll(() => left(all), { timeout: 20_000 }).toBe(share);
    const others = await Promise.all(Array.from({ length: 20 }, () => open(modest, to())));
    expect(await ask(modest, "/healthz")).toBe(200);
    expect(left(others)).toBe(20);
  });

  it("that never ends its headers, on five hundred connections, keeps nobody waiting and is given up on", {
    timeout: 60_000,
  }, async () => {
    const all = await Promise.all(
      Array.from({ length: 500 }, () => open(greedy, port(), "POST /TraceSegments HTTP/1.1\r\nHost: localhost\r\nX: ")),
    );
    const drip = setInterval(() => {
      for (const socket of all) if (!socket.destroyed) socket.write("x");
    }, 500);
    expect(await ask(modest, "/api/status")).toBe(200);
    await expect.poll(() => left(all), { timeout: 40_000, interval: 500 }).toBe(0);
    clearInterval(drip);
  });

  it("that drips a body is given up on as well, and the body's room is free again", { timeout: 90_000 }, async () => {
    const head = `POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${2 ** 23}\r\n\r\n`;
    const all = await Promise.all(Array.from({ length: 50 }, () => open(greedy, otlpPort, head)));
    const drip = setInterval(() => {
      for (const socket of all) if (!socket.destroyed) socket.write("x");
    }, 1_000);
    await expect.poll(() => left(all), { timeout: 60_000, interval: 500 }).toBe(0);
    clearInterval(drip);
    const body = JSON.stringify({ resourceSpans: [] });
    const headers = { "content-type": "application/json" };
    expect((await fetch(`${server.addresses.otlpHttp}/v1/traces`, { method: "POST", headers, body })).status).toBe(200);
  });

  it("has three quarters of the live streams, and others what is left", async () => {
    const hear = (localAddress: string): Promise<number> =>
      new Promise((resolve) => {
        const asked = request({ host: "127.0.0.1", port: port(), path: "/events", localAddress, agent: false });
        asked.once("response", ({ statusCode }) => resolve(statusCode!));
        asked.once("socket", (socket) => sockets.push(socket));
        asked.on("error", () => resolve(0));
        asked.end();
      });
    const statuses = await Promise.all(Array.from({ length: 60 }, () => hear(greedy)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(48);
    expect(statuses.filter((status) => status === 503)).toHaveLength(12);
    expect(await hear(modest)).toBe(200);
    for (const socket of sockets.splice(0)) socket.destroy();
    await expect.poll(() => hear(greedy), { timeout: 20_000 }).toBe(200);
  });

  it("that asks for everything at once, in every way, keeps nobody waiting for ever", async () => {
    const range = "start=1&end=8000000000";
    const costly = 'subsegment("a") { metadata.default.a.b = "c" } OR '.repeat(30).concat("fault");
    const times = { StartTime: 1, EndTime: 8_000_000_000 };
    const questions: [path: string, body?: object][] = [
      [`/api/overview?${range}&columns=240&values=50&filter=${encodeURIComponent(costly)}`],
      [`/api/values?${range}&keyword=http.url&contains=a`],
      [`/api/services/series?${range.replace("8000000000", "30000000")}&points=60`],
      [`/api/map/split?${range}&by=operation`],
      ["/ServiceGraph", times],
      ["/TraceSummaries", { ...times, FilterExpression: costly }],
      ["/Traces", { TraceIds: apiFixtures.traces.map(({ n }) => fixtureTraceId(n)) }],
      [
        "/Traces",
        { TraceIds: Array.from({ length: 20_000 }, (_, at) => `1-6553f100-${String(at).padStart(24, "0")}`) },
      ],
      ["/TimeSeriesServiceStatistics", { ...times, Period: 60 }],
    ];
    const asked = Array.from({ length: 180 }, (_, at) => {
      const [path, body] = questions[at % questions.length]!;
      return ask(greedy, path, body === undefined ? {} : { body });
    });
    expect(await ask(modest, `/api/overview?${range}`)).toBe(200);
    expect(await ask(modest, "/healthz")).toBe(200);
    for (const status of await Promise.all(asked)) expect([200, 400, 429]).toContain(status);
  });
});
