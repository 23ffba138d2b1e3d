import { createSocket } from "node:dgram";
import { BatchGetTracesCommand, PutTraceSegmentsCommand } from "@aws-sdk/client-xray";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveHttp } from "../fixtures/http-servers.ts";
import { encodeRequest } from "../fixtures/otlp-protobuf.ts";
import { aRequest, aSpan, hexOf } from "../fixtures/otlp-requests.ts";
import { documentsOf } from "../fixtures/taken-documents.ts";
import { aDaemon } from "./a-daemon.ts";
import { type AServer, aServer } from "./a-server.ts";

let server: AServer;
beforeAll(async () => {
  server = await aServer();
});
afterAll(() => server.close());

/** A request as AWS's distribution of OpenTelemetry puts it in a document's place. */
function asDocument(prefix: string, request: object): string {
  return prefix + Buffer.from(encodeRequest(request)).toString("base64");
}

const twoServices = (seed: string) => {
  const traceId = hexOf(seed, 16);
  const caller = aSpan({ traceId, spanId: hexOf(1, 8), name: "GET /", kind: 2 });
  const call = aSpan({ traceId, spanId: hexOf(2, 8), parentSpanId: hexOf(1, 8), name: "GET", kind: 3 });
  return aRequest([caller, call]);
};

async function namesOf(seed: string): Promise<string[]> {
  const traceId = hexOf(seed, 16);
  const id = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
  const { Traces = [] } = await server.client.send(new BatchGetTracesCommand({ TraceIds: [id] }));
  return (Traces[0]?.Segments ?? []).map(({ Document }) => (JSON.parse(Document!) as { name: string }).name);
}

async function problemCodes(): Promise<Record<string, number>> {
  const answer = await fetch(`${server.addresses.http}/api/problems`);
  return ((await answer.json()) as { counts: Record<string, number> }).counts;
}

describe.each(["T1S", "T1U", "T1"])("spans behind %s", (prefix) => {
  it("are a trace when they come by UDP", async () => {
    const seed = `${prefix} by UDP`;
    const socket = createSocket("udp4");
    const [host, port] = server.addresses.udp.split(":");
    const datagram = `{"format":"json","version":1}\n${asDocument(prefix, twoServices(seed))}`;
    await new Promise((sent) => socket.send(datagram, Number(port), host, sent));
    socket.close();
    await expect.poll(() => namesOf(seed), { timeout: 10_000 }).toContain("shop");
  });

  it("are one when they come by PutTraceSegments, beside documents", async () => {
    const seed = `${prefix} by API`;
    const TraceSegmentDocuments = [
      asDocument(prefix, twoServices(seed)),
      JSON.stringify({
        trace_id: "1-6553f100-000000000000000000000001",
        id: hexOf(3, 8),
        name: "x",
        start_time: 1,
        end_time: 2,
      }),
    ];
    const answer = await server.client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments }));
    expect(answer.UnprocessedTraceSegments).toEqual([]);
    // The call's other side has sent nothing, and is inferred.
    expect(await namesOf(seed)).toEqual(["shop", "GET"]);
  });
});

it("several traces in one datagram are several", async () => {
  const spans = ["one", "two"].map((seed) => aSpan({ traceId: hexOf(seed, 16) }));
  const put = new PutTraceSegmentsCommand({ TraceSegmentDocuments: [asDocument("T1S", aRequest(spans))] });
  expect((await server.client.send(put)).UnprocessedTraceSegments).toEqual([]);
  expect([await namesOf("one"), await namesOf("two")]).toEqual([["shop"], ["shop"]]);
});

it("what cannot be read is unprocessed, and the other documents are not", async () => {
  const wrong = ["T1S####", "T1SAAAA", "T1U{}", asDocument("T1S", twoServices("cut")).slice(0, -8)];
  const right = asDocument("T1S", aRequest([aSpan({ traceId: hexOf("right", 16) }), aSpan({ spanId: "" })]));
  const before = (await problemCodes()).InvalidOtlp ?? 0;
  const put = new PutTraceSegmentsCommand({ TraceSegmentDocuments: [...wrong, right] });
  const { UnprocessedTraceSegments = [] } = await server.client.send(put);
  expect(UnprocessedTraceSegments.map(({ ErrorCode }) => ErrorCode).slice(0, 4)).toEqual(Array(4).fill("InvalidOtlp"));
  // One span of the last is wrong, which is told; the other is there.
  expect(UnprocessedTraceSegments).toHaveLength(5);
  expect(await namesOf("right")).toEqual(["shop"]);
  expect((await problemCodes()).InvalidOtlp).toBe(before + 4);
});

it("the daemon passes them on as they came", async () => {
  const taken: string[] = [];
  const upstream = await serveHttp(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url === "/TraceSegments") taken.push(...documentsOf(Buffer.concat(chunks)));
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  const daemon = await aDaemon(["--to", upstream.url.origin]);
  try {
    const documents = ["T1S", "T1U"].map((prefix) => asDocument(prefix, twoServices(prefix)));
    await daemon.send(...documents);
    await expect.poll(() => taken, { timeout: 20_000 }).toEqual(documents);
  } finally {
    await daemon.close();
    await upstream.close();
  }
});
