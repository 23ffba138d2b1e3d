import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { BatchGetTracesCommand, GetServiceGraphCommand } from "@aws-sdk/client-xray";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeResponse, encodeRequest } from "../fixtures/otlp-protobuf.ts";
import { aBatch, aRequest, aSpan, attributesOf, hexOf, startNano } from "../fixtures/otlp-requests.ts";
import { type AServer, aServer } from "./a-server.ts";

const protobuf = { "content-type": "application/x-protobuf" };
const json = { "content-type": "application/json" };

let server: AServer;
let url: string;
beforeAll(async () => {
  server = await aServer();
  url = `${server.addresses.otlpHttp}/v1/traces`;
});
afterAll(() => server.close());

async function post(body: Uint8Array | string | object, headers: Record<string, string> = json, to = url) {
  const payload = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  const answer = await fetch(to, { method: "POST", headers, body: payload as BodyInit });
  return {
    status: answer.status,
    type: answer.headers.get("content-type"),
    headers: answer.headers,
    bytes: new Uint8Array(await answer.arrayBuffer()),
  };
}

const textOf = ({ bytes }: { bytes: Uint8Array }): string => Buffer.from(bytes).toString();

async function nameOf(traceId: string): Promise<string | undefined> {
  const id = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
  const { Traces = [] } = await server.client.send(new BatchGetTracesCommand({ TraceIds: [id] }));
  return Traces[0]?.Segments?.map(({ Document }) => (JSON.parse(Document!) as { name: string }).name).join();
}

describe("spans that are sent are a trace when the answer comes", () => {
  const bodies: readonly [string, (request: object) => Uint8Array | string, Record<string, string>][] = [
    ["protobuf", encodeRequest, protobuf],
    ["JSON", JSON.stringify, json],
    ["gzipped protobuf", (request) => gzipSync(encodeRequest(request)), { ...protobuf, "content-encoding": "gzip" }],
    ["gzipped JSON", (request) => gzipSync(JSON.stringify(request)), { ...json, "content-encoding": "GZIP" }],
    ["protobuf that says it is not compressed", encodeRequest, { ...protobuf, "content-encoding": "identity" }],
    ["JSON whose type has a charset", JSON.stringify, { "content-type": "Application/JSON; charset=utf-8" }],
  ];

  it.each(bodies)("in %s", async (how, write, headers) => {
    const traceId = hexOf(how, 16);
    const answer = await post(write(aRequest([aSpan({ traceId })])), headers);
    expect(answer).toMatchObject({ status: 200, type: headers["content-type"]!.split(";")[0]!.toLowerCase() });
    if (answer.type === "application/json") expect(textOf(answer)).toBe("{}");
    else expect(answer.bytes.length).toBe(0);
    expect(await nameOf(traceId)).toBe("shop");
  });

  it("in a request without any", async () => {
    expect(await post(new Uint8Array(), protobuf)).toMatchObject({ status: 200 });
    expect(await post({})).toMatchObject({ status: 200 });
  });

  it("in a batch that is large enough for a thread of its own", async () => {
    expect(await post(encodeRequest(aBatch(2_000)), protobuf)).toMatchObject({ status: 200 });
    expect(await post(aBatch(600, 10_000))).toMatchObject({ status: 200 });
    expect(await nameOf(hexOf("t1996", 16))).toContain("shop");
    expect(await nameOf(hexOf("t10596", 16))).toContain("shop");
  });

  it("and a map", async () => {
    const seconds = Number(startNano / 1_000_000_000n);
    const range = { StartTime: new Date((seconds - 60) * 1000), EndTime: new Date((seconds + 3_600) * 1000) };
    const { Services = [] } = await server.client.send(new GetServiceGraphCommand(range));
    expect(Services.map(({ Name }) => Name)).toEqual(expect.arrayContaining(["shop", "shop.example.com"]));
  });
});

describe("spans of which some are wrong", () => {
  const mixed = (seed: string) =>
    aRequest([
      aSpan({ traceId: hexOf(seed, 16), spanId: hexOf(1, 8) }),
      aSpan({ traceId: "00", spanId: hexOf(2, 8) }),
      aSpan({ traceId: hexOf(seed, 16), spanId: "" }),
    ]);

  it("are a partial success, which says how many and why", async () => {
    const answer = await post(mixed("partly"));
    expect(answer.status).toBe(200);
    expect(JSON.parse(textOf(answer))).toEqual({
      partialSuccess: {
        rejectedSpans: "2",
        errorMessage: expect.stringMatching(/^2 of 3 spans were rejected\. The first: ./),
      },
    });
    expect(await nameOf(hexOf("partly", 16))).toBe("shop");
  });

  it("are one in protobuf too", async () => {
    const answer = await post(encodeRequest(mixed("partly in protobuf")), protobuf);
    expect(answer.status).toBe(200);
    expect(decodeResponse(answer.bytes)).toEqual({
      partialSuccess: { rejectedSpans: "2", errorMessage: expect.stringContaining("2 of 3 spans") },
    });
  });

  it("are told of among the problems", async () => {
    await post(mixed("told"));
    const answer = await fetch(`${server.addresses.http}/api/problems`);
    const { problems } = (await answer.json()) as { problems: { source: string; code: string; document: string }[] };
    expect(problems[0]).toMatchObject({ source: "otlp-http" });
    expect(problems.map(({ document }) => document).join()).toContain(hexOf(2, 8));
  });
});

describe("what is refused for good", () => {
  it("is a body that cannot be read, by a status in the body's own encoding", async () => {
    const inJson = await post("{");
    expect(inJson).toMatchObject({ status: 400, type: "application/json" });
    expect(JSON.parse(textOf(inJson))).toEqual({ code: 3, message: expect.stringContaining("it is not JSON") });
    const inProtobuf = await post(Buffer.from("{}"), protobuf);
    expect(inProtobuf).toMatchObject({ status: 400, type: "application/x-protobuf" });
    expect([...inProtobuf.bytes.subarray(0, 2)]).toEqual([0x08, 3]);
    expect(textOf(inProtobuf)).toContain("This is no trace request in protobuf");
  });

  it("is what says that it is gzip and is not, or ends too early", async () => {
    const headers = { ...json, "content-encoding": "gzip" };
    expect(await post("{}", headers)).toMatchObject({ status: 400 });
    const gzipped = gzipSync(JSON.stringify(aBatch(50)));
    expect(await post(gzipped.subarray(0, gzipped.length - 20), headers)).toMatchObject({ status: 400 });
  });

  it("is a content type or an encoding that nobody here knows", async () => {
    expect(await post("{}", { "content-type": "text/plain" })).toMatchObject({ status: 415, type: "application/json" });
    const answer = await post("{}", { ...json, "content-encoding": "zstd" });
    expect(answer).toMatchObject({ status: 415 });
    expect(answer.headers.get("accept-encoding")).toBe("gzip, identity");
  });

  it("is a body that is too large, or would be once it is decompressed", async () => {
    const large = Buffer.alloc(17 * 2 ** 20, " ");
    expect(await post(large)).toMatchObject({ status: 413 });
    expect(await post(gzipSync(large), { ...json, "content-encoding": "gzip" })).toMatchObject({ status: 413 });
    const bomb = gzipSync(gzipSync(Buffer.alloc(500 * 2 ** 20)));
    expect(bomb.length).toBeLessThan(50_000);
    expect(await post(bomb, { ...json, "content-encoding": "gzip" })).toMatchObject({ status: 400 });
  });

  it("is any other path, and any other method", async () => {
    const metrics = await post("{}", json, url.replace("traces", "metrics"));
    expect(metrics.status).toBe(404);
    expect(textOf(metrics)).toContain("OTEL_METRICS_EXPORTER=none");
    expect(await post("{}", json, url.replace("traces", "logs"))).toMatchObject({ status: 404 });
    expect(await post("{}", json, `${url}/more`)).toMatchObject({ status: 404 });
    const got = await fetch(url);
    expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it("is one that takes more memory to read than it may have, and others go on", async () => {
    const hungry = `{"resourceSpans":[${"{},".repeat(5_500_000)}{}]}`;
    const [refused, taken] = await Promise.all([
      post(hungry),
      post(aRequest([aSpan({ traceId: hexOf("beside", 16) })])),
    ]);
    expect([200, 400]).toContain(refused.status);
    expect(taken.status).toBe(200);
  });

  it("is noise, after which the server still answers", async () => {
    const { port } = new URL(url);
    for (const noise of [
      "\x00\x01\x02\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "POST /v1/traces HTTP/1.1\r\n\r\n",
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), "127.0.0.1", () => socket.end(noise));
        socket
          .on("data", () => {})
          .on("error", () => resolve())
          .on("close", () => resolve());
      });
    }
    expect(await post({})).toMatchObject({ status: 200 });
  });
});

describe("pages in browsers", () => {
  const ask = (method: string, headers: Record<string, string>) =>
    new Promise<{ status: number; headers: Record<string, unknown> }>((resolve, reject) => {
      const request = httpRequest(url, { method, headers }, (answer) => {
        answer.resume().on("end", () => resolve({ status: answer.statusCode!, headers: answer.headers }));
      });
      request.on("error", reject).end(method === "POST" ? "{}" : undefined);
    });

  it("of this machine may send, from whichever port they were served", async () => {
    const origin = "http://localhost:3000";
    const asked = { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" };
    const preflight = await ask("OPTIONS", asked);
    expect(preflight).toMatchObject({ status: 204, headers: { "access-control-allow-origin": origin } });
    expect(preflight.headers["access-control-allow-headers"]).toContain("content-type");
    const sent = await ask("POST", { origin, ...json });
    expect(sent).toMatchObject({ status: 200, headers: { "access-control-allow-origin": origin, vary: "Origin" } });
  });

  it.each(["https://shop.example.com", "null", "http://localhost.example.com"])(
    "from elsewhere may not: %s",
    async (origin) => {
      for (const method of ["OPTIONS", "POST"]) {
        const answer = await ask(method, { origin, ...json });
        expect(answer.status).toBe(403);
        expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
      }
    },
  );

  it("that were led here by a name of theirs may not either", async () => {
    expect(await ask("POST", { host: "evil.example.com:4318", ...json })).toMatchObject({ status: 403 });
  });
});

it("what came in is told by the status and by the metrics", async () => {
  const status = (await (await fetch(`${server.addresses.http}/api/status`)).json()) as {
    addresses: object;
    otlp: { requests: Record<string, number>; spans: number; rejectedSpans: number };
  };
  expect(status.addresses).toEqual(server.addresses);
  expect(status.otlp.requests.undecodable).toBeGreaterThan(0);
  expect(status.otlp.spans).toBeGreaterThan(2_600);
  expect(status.otlp.rejectedSpans).toBeGreaterThan(0);
  const metrics = await (await fetch(`${server.addresses.http}/metrics`)).text();
  expect(metrics).toContain(`fluoroscope_otlp_spans_total ${status.otlp.spans}\n`);
  expect(metrics).toContain('fluoroscope_otlp_requests_total{outcome="taken"}');
});

it("attributes are metadata, annotations where the program lists them", async () => {
  const traceId = hexOf("annotated", 16);
  const attributes = attributesOf({ "app.tenant": "t-1", "aws.xray.annotations": ["app.tenant"] });
  expect(await post(aRequest([aSpan({ traceId, attributes })]))).toMatchObject({ status: 200 });
  const id = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
  const { Traces = [] } = await server.client.send(new BatchGetTracesCommand({ TraceIds: [id] }));
  expect(JSON.stringify(Object.values(JSON.parse(Traces[0]!.Segments![0]!.Document!).annotations))).toBe('["t-1"]');
});
