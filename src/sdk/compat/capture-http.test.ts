import http from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { serveHttp, type TestServer } from "../../../test/fixtures/http-servers.ts";
import { captureHTTPs } from "./capture-http.ts";
import { runWithinSegment } from "./context.ts";
import { setLogger } from "./logger.ts";
import { Segment } from "./segment.ts";

setLogger({ debug() {}, info() {}, warn() {}, error() {} });

let server: TestServer;
let asked: http.IncomingHttpHeaders[] = [];

beforeEach(async () => {
  asked = [];
  server = await serveHttp((request, response) => {
    asked.push(request.headers);
    if (request.url === "/half") {
      response.writeHead(200, { "content-length": 10 }).write("half");
      setTimeout(() => response.destroy(), 5);
    } else response.end("tea");
  });
});

afterEach(() => server.close());

async function within(run: (client: typeof http) => Promise<void>): Promise<Segment> {
  const segment = new Segment("shop");
  segment.notTraced = true;
  await runWithinSegment(segment, () => run(captureHTTPs(http)));
  return segment;
}

const end = (ask: (done: (response: http.IncomingMessage) => void) => http.ClientRequest): Promise<void> =>
  new Promise((resolve, reject) => {
    ask((response) => response.resume().on("close", () => resolve())).on("error", reject);
  });

it("options are left as they were given, so that they can be used again", async () => {
  const options = { host: "localhost", port: server.port, headers: { accept: "text/tea" } };
  const segment = await within(async (client) => {
    for (let count = 0; count < 2; count += 1) await end((done) => client.get(options, done));
  });
  expect(options.headers).toEqual({ accept: "text/tea" });
  expect(segment.subsegments).toHaveLength(2);
  expect(asked.map((headers) => headers["x-amzn-trace-id"])).toEqual(
    segment.subsegments?.map(({ id }) => `Root=${segment.trace_id};Parent=${id};Sampled=0`),
  );
});

it("all ways to ask are captured, and headers of all kinds are kept", async () => {
  const segment = await within(async (client) => {
    await end((done) => client.get(server.url.href, done));
    await end((done) => client.get(server.url, done));
    await end((done) => client.get(server.url, { headers: { tea: "green" } }, done));
    await end((done) => client.get(server.url.href, { headers: ["host", server.url.host, "tea", "black"] }, done));
    await end((done) => client.request({ host: "localhost", port: server.port, method: "PUT" }, done).end());
  });
  expect(segment.subsegments?.map(({ name }) => name)).toEqual(Array(5).fill("localhost"));
  expect(asked.every((headers) => headers["x-amzn-trace-id"] !== undefined)).toBe(true);
  expect(asked.map(({ tea }) => tea)).toEqual([undefined, undefined, "green", "black", undefined]);
});

it("a call that has a trace header already is left alone", async () => {
  const headers = { "x-amzn-trace-id": "Root=1-2" };
  const segment = await within((client) => end((done) => client.get(server.url, { headers }, done)));
  expect(segment.subsegments).toBeUndefined();
  expect(asked[0]?.["x-amzn-trace-id"]).toBe("Root=1-2");
});

it("an answer that breaks off ends its subsegment with a fault", async () => {
  const segment = await within((client) =>
    end((done) => client.get(new URL("/half", server.url), (response) => done(response.on("error", () => undefined)))),
  );
  expect(segment.counter).toBe(0);
  expect(segment.subsegments?.[0]).toMatchObject({ fault: true, http: { response: { status: 200 } } });
});

it("an answer that nobody reads is read, so that it ends", async () => {
  const segment = await within(async (client) => {
    const request = client.get(server.url);
    await new Promise((resolve) => request.on("close", resolve));
  });
  expect(segment.counter).toBe(0);
});

it("a call that cannot be made ends its subsegment, and throws as it would", async () => {
  const segment = await within(async (client) => {
    expect(() => client.get({ host: "localhost", path: "/a b" })).toThrow("unescaped");
  });
  expect(segment.subsegments?.[0]).toMatchObject({ fault: true });
  expect(segment.counter).toBe(0);
});
