import { randomBytes } from "node:crypto";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import * as grpc from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseFilter } from "../../src/filter/parser.ts";
import { type AServer, aServer } from "../conformance/a-server.ts";
import { aTraceId } from "../fixtures/builders.ts";
import { exportByGrpc, grpcClient } from "../fixtures/otlp-grpc.ts";
import { everythingOf } from "./doors/everything-of.ts";
import { expectNoPollution } from "./no-pollution.ts";

const megabyte = 2 ** 20;

/** A document of about a megabyte, the most that is taken. */
function aBomb(members: string): Buffer {
  const start = `{"trace_id":"${aTraceId}","id":"00000000000000a1","name":"a","start_time":1,"end_time":2,`;
  return Buffer.from(`${start}${members}}`);
}

function many(count: number, make: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => make(at)).join(",");
}

const id = (at: number): string => (at + 1).toString(16).padStart(16, "0");
const subsegment = (at: number, more = ""): string =>
  `{"id":"${id(at)}","name":"b","start_time":1,"end_time":2${more}}`;
const text = (length: number, sign = "x"): string => sign.repeat(length);

describe("a document of a megabyte", () => {
  it.each<[string, string]>([
    ["subsegments beside each other", `"subsegments":[${many(14_000, (at) => subsegment(at))}]`],
    ["subsegments with one id", `"subsegments":[${many(14_000, () => subsegment(7))}]`],
    ["subsegments that are none", `"subsegments":[${many(400_000, () => "0")}]`],
    ["subsegments in each other", `"subsegments":[${`{"subsegments":[`.repeat(50_000)}${"]}".repeat(50_000)}]`],
    ["brackets in metadata", `"metadata":${"[".repeat(400_000)}${"]".repeat(400_000)}`],
    ["brackets in every block", many(8, (at) => `"${blocks[at]}":${"[".repeat(50_000)}${"]".repeat(50_000)}`)],
    ["annotations", `"annotations":{${many(60_000, (at) => `"k${at}":${at}`)}}`],
    ["keys that are one", `"annotations":{${many(90_000, () => '"k":1')}}`],
    [
      "keys of prototypes",
      `"annotations":{"__proto__":{"polluted":1},"constructor":1},"metadata":{"__proto__":{"polluted":1}}`,
    ],
    ["exceptions", `"fault":true,"cause":{"exceptions":[${many(20_000, (at) => `{"id":"${id(at)}","message":"m"}`)}]}`],
    [
      "exceptions that cause each other",
      `"fault":true,"cause":{"exceptions":[${many(9_000, (at) => `{"id":"${id(at)}","cause":"${id((at + 1) % 9_000)}"}`)}]}`,
    ],
    ["frames", `"fault":true,"cause":{"exceptions":[{"id":"${id(1)}","stack":[${many(80_000, () => '{"line":1}')}]}]}`],
    ["links", `"links":[${many(9_000, (at) => `{"trace_id":"${aTraceId}","id":"${id(at)}"}`)}]`],
    ["precursors", `"subsegments":[${subsegment(1, `,"precursor_ids":[${many(40_000, (at) => `"${id(at)}"`)}]`)}]`],
    ["one long name", `"user":"${text(900_000)}"`],
    [
      "ticks of Markdown",
      `"fault":true,"cause":{"exceptions":[{"id":"${id(1)}","message":"${"` ".repeat(400_000)}"}]}`,
    ],
    ["quotes that are escaped", `"user":"${'\\"'.repeat(450_000)}`],
    ["a URL without end", `"http":{"request":{"method":"GET","url":"a://${text(900_000, "+")}\\n"}}`],
    ["a URL of secrets", `"http":{"request":{"url":"http://a/?${"token=".repeat(150_000)}"}}`],
    ["a URL of at signs", `"http":{"request":{"url":"http://${"a@".repeat(400_000)}"}}`],
    ["a statement", `"subsegments":[${subsegment(1, `,"sql":{"sanitized_query":"${"AND ".repeat(200_000)}"}`)}]`],
    ["digits", `"annotations":{"n":${text(900_000, "9")}},"http":{"response":{"status":${text(300, "9")}}}`],
    ["numbers that are none", `"annotations":{"a":1e999,"b":-0,"c":NaN},"metadata":[${many(200_000, () => "NaN")}]`],
    ["half characters", `"user":"${"\\ud800".repeat(150_000)}","annotations":{"\\udc00":"\\u0000"}`],
  ])("of %s is taken or refused, and told again", (_name, members) => {
    everythingOf([aBomb(members)]);
    expectNoPollution();
  });
});

const blocks = ["metadata", "aws", "http", "sql", "cause", "service", "links", "annotations"] as const;

describe("documents of one trace", () => {
  it.each<[string, (at: number) => string]>([
    ["that are below each other in a circle", (at) => `"parent_id":"${id((at + 1) % 3_000)}"`],
    ["that are all below themselves", (at) => `"parent_id":"${id(at)}"`],
    ["that are below each other without end", (at) => `"parent_id":"${id(at + 1)}"`],
    ["that are below one that is not there", () => `"parent_id":"${id(99_999)}"`],
  ])("%s are told", (_name, parent) => {
    for (const type of ["", '"type":"subsegment",']) {
      const documents = Array.from({ length: 3_000 }, (_, at) =>
        Buffer.from(
          `{${type}"trace_id":"${aTraceId}","id":"${id(at)}",${parent(at)},"name":"n${at % 9}","start_time":1,"end_time":2}`,
        ),
      );
      expect(everythingOf(documents)).toBe(1);
    }
  });
});

describe("a filter of ten thousand characters", () => {
  it.each<[string, string]>([
    ["parentheses", "(".repeat(10_000)],
    ["negations", `${"!".repeat(9_990)}fault`],
    ["blocks", 'service("a"){'.repeat(700)],
    ["quotes", '\\"'.repeat(5_000)],
    ["an open quote", `user = "${'\\"'.repeat(4_900)}`],
    ["digits", `duration > ${"9".repeat(9_900)}`],
    ["JSON", `json(${"[".repeat(9_900)})`],
  ])("of %s is refused with a place", (_name, expression) => {
    expect(() => parseFilter(expression)).toThrow(expect.objectContaining({ at: expect.any(Number) }));
  });
});

describe("a running server", () => {
  let server: AServer;
  beforeAll(async () => {
    server = await aServer({ otlpHttpPort: "0", otlpGrpcPort: "0" });
  });
  afterAll(() => server?.close());

  /** What was held of memory at most while something went on, in bytes beyond what was held before. */
  async function growthDuring(work: () => Promise<unknown>): Promise<number> {
    const before = process.memoryUsage.rss();
    let most = before;
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 5);
    await work();
    clearInterval(timer);
    return most - before;
  }

  it("refuses spans that would be a gigabyte when they are decompressed, and holds next to nothing of them", async () => {
    const bomb = gzipSync(Buffer.alloc(512 * megabyte), { level: 9 });
    expect(bomb.length).toBeLessThan(megabyte);
    const send = (): Promise<Response> =>
      fetch(`${server.addresses.otlpHttp}/v1/traces`, {
        method: "POST",
        headers: { "content-type": "application/x-protobuf", "content-encoding": "gzip" },
        body: new Uint8Array(bomb),
      });
    const growth = await growthDuring(async () => {
      expect((await Promise.all([send(), send(), send(), send()])).map(({ status }) => status)).toEqual([
        413, 413, 413, 413,
      ]);
    });
    expect(growth).toBeLessThan(300 * megabyte);
  });

  it.each<[string, Buffer]>([
    ["deflate", deflateSync("{}")],
    ["br", brotliCompressSync("{}")],
    ["zstd", Buffer.from("28b52ffd", "hex")],
    ["gzip, gzip", gzipSync(gzipSync("{}"))],
  ])("knows no %s, so nothing of it is decompressed", async (encoding, body) => {
    const headers = { "content-type": "application/json", "content-encoding": encoding };
    const answer = await fetch(`${server.addresses.otlpHttp}/v1/traces`, {
      method: "POST",
      headers,
      body: new Uint8Array(body),
    });
    expect(answer.status).toBe(415);
  });

  it("decompresses nothing for the X-Ray API", async () => {
    const headers = { "content-encoding": "gzip" };
    const { status } = await server.post("/TraceSegments", gzipSync('{"TraceSegmentDocuments":[]}'), headers);
    expect(status).toBe(400);
  });

  it("refuses a gRPC message that grows beyond its bound, and answers the next", async () => {
    const client = grpcClient(server.addresses.otlpGrpc, { "grpc.default_compression_algorithm": 2 });
    try {
      expect(await exportByGrpc(client, Buffer.alloc(200 * megabyte))).toMatchObject({
        code: grpc.status.RESOURCE_EXHAUSTED,
      });
      expect(await exportByGrpc(client, Buffer.alloc(0))).toBeInstanceOf(Buffer);
    } finally {
      client.close();
    }
  });

  it.each<[string, string]>([
    ["lists in lists", `{"TraceIds":${"[".repeat(2_000_000)}`],
    ["lists in lists that end", `{"TraceIds":${"[".repeat(500_000)}${"]".repeat(500_000)}}`],
    ["members", `{${many(500_000, (at) => `"k${at}":0`)}}`],
    ["one long text", `{"FilterExpression":"${text(8 * megabyte)}"}`],
    ["quotes", `{"FilterExpression":"${'\\"'.repeat(2_000_000)}`],
    ["numbers", `{"StartTime":${text(megabyte, "9")},"EndTime":1e999}`],
    ["prototypes", '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'],
    ["noise", randomBytes(4 * megabyte).toString("latin1")],
  ])("answers a body of %s in AWS's form", async (_name, body) => {
    for (const path of ["/Traces", "/TraceSummaries", "/TraceSegments"]) {
      const { status, headers } = await server.post(path, body);
      expect([path, status]).toEqual([path, 400]);
      expect(headers.get("x-amzn-errortype")).toMatch(/Exception$/);
    }
    expectNoPollution();
  });
});
