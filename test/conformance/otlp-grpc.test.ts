import { connect } from "node:net";
import { BatchGetTracesCommand } from "@aws-sdk/client-xray";
import * as grpc from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportByGrpc, grpcClient } from "../fixtures/otlp-grpc.ts";
import { decodeResponse, encodeRequest } from "../fixtures/otlp-protobuf.ts";
import { aBatch, aRequest, aSpan, hexOf } from "../fixtures/otlp-requests.ts";
import { type AServer, aServer } from "./a-server.ts";

let server: AServer;
let client: grpc.Client;
beforeAll(async () => {
  server = await aServer();
  client = grpcClient(server.addresses.otlpGrpc);
});
afterAll(async () => {
  client.close();
  await server.close();
});

const send = (body: Uint8Array, via = client): ReturnType<typeof exportByGrpc> => exportByGrpc(via, body);

async function isStored(traceId: string): Promise<boolean> {
  const id = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
  const { Traces = [] } = await server.client.send(new BatchGetTracesCommand({ TraceIds: [id] }));
  return Traces.length === 1;
}

describe("spans that are sent are a trace when the answer comes", () => {
  it("as they are", async () => {
    const traceId = hexOf("plain", 16);
    expect(await send(encodeRequest(aRequest([aSpan({ traceId })])))).toEqual(Buffer.alloc(0));
    expect(await isStored(traceId)).toBe(true);
  });

  it("gzipped", async () => {
    const via = grpcClient(server.addresses.otlpGrpc, {
      "grpc.default_compression_algorithm": grpc.compressionAlgorithms.gzip,
    });
    expect(await send(encodeRequest(aBatch(200)), via)).toEqual(Buffer.alloc(0));
    expect(await isStored(hexOf("t196", 16))).toBe(true);
    via.close();
  });

  it("many at once, on one connection", async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => send(encodeRequest(aBatch(8, 10_000 + at * 8)))),
    );
    expect(answers).toEqual(Array(40).fill(Buffer.alloc(0)));
  });
});

it("spans of which some are wrong are a partial success", async () => {
  const spans = [aSpan({ traceId: hexOf("partly", 16) }), aSpan({ spanId: "" })];
  const answer = await send(encodeRequest(aRequest(spans)));
  expect(decodeResponse(answer as Buffer)).toEqual({
    partialSuccess: { rejectedSpans: "1", errorMessage: expect.stringMatching(/^1 of 2 spans were rejected/) },
  });
});

describe("what is refused for good", () => {
  it("is a message that is no request", async () => {
    expect(await send(Buffer.from("{}"))).toMatchObject({
      code: grpc.status.INVALID_ARGUMENT,
      details: expect.stringContaining("This is no trace request in protobuf"),
    });
  });

  it("is a message that is too large, without a word of coming again", async () => {
    const answer = await send(Buffer.alloc(17 * 2 ** 20));
    expect(answer).toMatchObject({ code: grpc.status.RESOURCE_EXHAUSTED });
    expect((answer as grpc.ServiceError).metadata.get("grpc-status-details-bin")).toEqual([]);
  });

  it("is another service", async () => {
    const path = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
    expect(await exportByGrpc(client, Buffer.alloc(0), { path })).toMatchObject({ code: grpc.status.UNIMPLEMENTED });
  });

  it("is noise, after which the server still answers", async () => {
    const [, port] = server.addresses.otlpGrpc!.split(":");
    for (const noise of ["GET / HTTP/1.1\r\n\r\n", "\x00".repeat(100), ""]) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), "127.0.0.1", () => socket.end(noise));
        socket
          .on("data", () => {})
          .on("error", () => resolve())
          .on("close", () => resolve());
      });
    }
    expect(await send(new Uint8Array())).toEqual(Buffer.alloc(0));
  });
});

it("a server closes although a client stays connected", async () => {
  const another = await aServer();
  const via = grpcClient(another.addresses.otlpGrpc);
  expect(await send(new Uint8Array(), via)).toEqual(Buffer.alloc(0));
  await another.close();
  expect(await send(new Uint8Array(), via)).toMatchObject({ code: grpc.status.UNAVAILABLE });
  via.close();
});
