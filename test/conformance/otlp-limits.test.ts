import { createServer } from "node:net";
import * as grpc from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { Ingest, type Sink } from "../../src/ingest/ingest.ts";
import type { Log } from "../../src/log.ts";
import { silentLog } from "../../src/log.ts";
import { type Otlp, openOtlp } from "../../src/otlp/open-otlp.ts";
import { exportByGrpc, grpcClient } from "../fixtures/otlp-grpc.ts";
import { decodeStatus, encodeRequest } from "../fixtures/otlp-protobuf.ts";
import { aBatch, aRequest, aSpan, hexOf } from "../fixtures/otlp-requests.ts";
import { aServer } from "./a-server.ts";

const anyPort = { number: 0, isChosen: false };
const host = "127.0.0.1";

let otlp: Otlp | undefined;
let client: grpc.Client;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Both servers before a store that does as it is told. */
async function open(sink: Sink, queueBytes?: number): Promise<{ ingest: Ingest; http: string }> {
  const ingest = new Ingest(sink, queueBytes === undefined ? {} : { queueBytes });
  const opened = await openOtlp({ host, http: anyPort, grpc: anyPort, door: ingest, bindError: () => new Error() });
  otlp = opened;
  client = grpcClient(opened.addresses.otlpGrpc);
  closers.push(
    () => ingest.close(),
    () => opened.close(),
    () => client.close(),
  );
  return { ingest, http: `${opened.addresses.otlpHttp}/v1/traces` };
}

function post(url: string, request: object, headers: Record<string, string> = {}): Promise<Response> {
  const all = { "content-type": "application/json", ...headers };
  return fetch(url, { method: "POST", headers: all, body: JSON.stringify(request) });
}

const some = aRequest([aSpan()]);
const stored: Sink = { append: async (documents) => ({ outcomes: documents.map(() => undefined) }) };
const failing: Sink = {
  append: async () => {
    throw new StoreError("FLUORO_STORE_WRITE", "the disk is full", { retryable: false });
  },
};

const retryInfo = (seconds: number) => ({
  typeUrl: "type.googleapis.com/google.rpc.RetryInfo",
  retryDelay: { seconds },
});

/** The `google.rpc.Status` that an error carries. */
function statusOf({ metadata }: grpc.ServiceError): Record<string, unknown> {
  return decodeStatus(metadata.get("grpc-status-details-bin")[0] as Buffer);
}

describe("when there is no room", () => {
  it("both say so, and when to come again", async () => {
    const { ingest, http } = await open(stored, 100);
    const answer = await post(http, some);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(await answer.json()).toEqual({ code: 8, message: expect.stringContaining("the queue is full") });

    const error = (await exportByGrpc(client, encodeRequest(some))) as grpc.ServiceError;
    expect(error).toMatchObject({
      code: grpc.status.RESOURCE_EXHAUSTED,
      details: expect.stringContaining("the queue is full"),
    });
    expect(statusOf(error)).toEqual({ code: 8, message: error.details, details: [retryInfo(1)] });

    expect(otlp?.figures().requests).toEqual({ taken: 0, undecodable: 0, full: 2, failed: 0 });
    expect(ingest.counters()).toMatchObject({ received: 2, dropped: 2, refused: 0 });
  });

  it("nor for more bodies at once, the large ones are turned away before they are read", async () => {
    let goOn = (): void => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow: Sink = {
      append: async (documents) => {
        await held;
        return { outcomes: documents.map(() => undefined) };
      },
    };
    const { http } = await open(slow);
    const padding = "x".repeat(15 * 2 ** 20);
    const bodies = Array.from({ length: 8 }, (_, at) => {
      const span = aSpan({ traceId: hexOf(at, 16) });
      return post(http, { ...aRequest([span]), padding });
    });
    await expect.poll(() => otlp?.figures().requests.full, { timeout: 20_000 }).toBeGreaterThan(0);
    goOn();
    const statuses = (await Promise.all(bodies)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect((await post(http, some)).status).toBe(200);
  });
});

it("when the store fails, both say so, and when to come again", async () => {
  const { http } = await open(failing);
  const answer = await post(http, some);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await answer.json()).toEqual({ code: 14, message: expect.stringContaining("the disk is full") });
  const error = (await exportByGrpc(client, encodeRequest(some))) as grpc.ServiceError;
  expect(error.code).toBe(grpc.status.UNAVAILABLE);
  expect(statusOf(error)).toMatchObject({ code: 14, details: [retryInfo(5)] });
});

it("documents that the store refuses are rejected spans, all those in them", async () => {
  const problem = { code: "InvalidSegment", path: "", message: "not today" } as const;
  const refusing: Sink = { append: async (documents) => ({ outcomes: documents.map(() => ({ problem })) }) };
  const { http } = await open(refusing);
  const answer = await post(http, aBatch(8));
  expect(await answer.json()).toEqual({
    partialSuccess: { rejectedSpans: "8", errorMessage: "8 of 8 spans were rejected. The first: not today" },
  });
});

describe("where a key is asked for", () => {
  const authorization = "Basic c2hvcDpzZWNyZXQ=";
  beforeEach(async () => {
    otlp = await openOtlp({
      host,
      http: anyPort,
      grpc: anyPort,
      door: new Ingest(stored),
      bindError: () => new Error(),
      admit(given) {
        if (given === authorization) return undefined;
        return given === undefined ? { status: 401, message: "Who are you?" } : { status: 403, message: "Not you." };
      },
    });
    client = grpcClient(otlp.addresses.otlpGrpc);
    closers.push(
      () => otlp?.close(),
      () => client.close(),
    );
  });

  it("HTTP lets in who has one, and says what it wants of others", async () => {
    const url = `${otlp?.addresses.otlpHttp}/v1/traces`;
    expect((await post(url, some, { authorization })).status).toBe(200);
    const unknown = await post(url, some);
    expect([unknown.status, unknown.headers.get("www-authenticate")]).toEqual([401, 'Basic realm="fluoroscope"']);
    expect(await unknown.json()).toEqual({ code: 16, message: "Who are you?" });
    expect((await post(url, some, { authorization: "Basic x" })).status).toBe(403);
  });

  it("gRPC does as well", async () => {
    const body = encodeRequest(some);
    expect(await exportByGrpc(client, body, { headers: { authorization } })).toEqual(Buffer.alloc(0));
    const unknown = await exportByGrpc(client, body);
    expect(unknown).toMatchObject({ code: grpc.status.UNAUTHENTICATED, details: "Who are you?" });
    const another = await exportByGrpc(client, body, { headers: { authorization: "Basic x" } });
    expect(another).toMatchObject({ code: grpc.status.PERMISSION_DENIED, details: "Not you." });
  });
});

describe("a port that is taken", () => {
  let taken: number;
  beforeEach(async () => {
    const server = createServer();
    taken = await new Promise<number>((resolve) => {
      server.listen(0, host, () => resolve((server.address() as { port: number }).port));
    });
    closers.push(() => new Promise((resolve) => server.close(resolve)));
  });

  const openAt = (isChosen: boolean, log: Log): Promise<Otlp> =>
    openOtlp({
      host,
      http: { number: taken, isChosen },
      grpc: anyPort,
      door: new Ingest(stored),
      log,
      bindError: (_, port, flag) => new Error(`Port ${port} is taken (${flag}).`),
    });

  it("is done without when nobody asked for it, and that is said", async () => {
    const warnings: object[] = [];
    const opened = await openAt(false, { ...silentLog, warn: (fields) => warnings.push(fields) });
    closers.push(() => opened.close());
    expect(Object.keys(opened.addresses)).toEqual(["otlpGrpc"]);
    expect(warnings).toEqual([
      { text: `Port ${taken} is taken (--otlp-http-port). Going on without it.`, port: taken },
    ]);
  });

  it("is an error when it was asked for", async () => {
    await expect(openAt(true, silentLog)).rejects.toThrow(`Port ${taken} is taken (--otlp-http-port).`);
  });

  it("is one of `up`, which says who has it and how to go on", async () => {
    await expect(aServer({ otlpGrpcPort: String(taken) })).rejects.toMatchObject({
      code: "FLUORO_PORT_IN_USE",
      message: expect.stringContaining(`take another port: --otlp-grpc-port ${taken + 1}.`),
    });
  });
});
