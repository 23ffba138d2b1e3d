/**
 * What OpenTelemetry's spans cost on their way in: `npx tsx bench/otlp-in.ts`. Batches are those of `aBatch`: 512 spans in
 * traces of four, 14 attributes each, one in sixteen with an exception.
 *
 * Decoding: beside pbf's generated code and protobufjs, in turns in one process; CPU a span, medians of 25 rounds.
 * To the door: both servers in a process of their own, whose queue leads nowhere; the CPU of all its threads a span, from
 * the socket to the queue, the median of five rounds of 60 batches. One core takes a million divided by that a second.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { PbfReader } from "pbf";
import { Ingest } from "../src/ingest/ingest.ts";
import { decodeJson } from "../src/otel/decode-json.ts";
import type { Decoded } from "../src/otel/decoded.ts";
import { spansToDocuments } from "../src/otel/spans-to-documents.ts";
import { decodeProtobuf } from "../src/otlp/decode-protobuf.ts";
import { type OtlpAddresses, openOtlp } from "../src/otlp/open-otlp.ts";
import { exportByGrpc, grpcClient } from "../test/fixtures/otlp-grpc.ts";
import { encodeRequest, otlpProto, readRequest } from "../test/fixtures/otlp-protobuf.ts";
import { aBatch } from "../test/fixtures/otlp-requests.ts";

const spans = 512;

if (process.send !== undefined) {
  await serve();
} else {
  await decoding();
  await toTheDoor();
}

async function decoding(): Promise<void> {
  const batch = aBatch(spans);
  const protobuf = encodeRequest(batch);
  const json = Buffer.from(JSON.stringify(batch));
  const readWithPbf = await pbfReader();
  console.log(`${spans} spans: ${protobuf.length} bytes of protobuf, ${json.length} of JSON\n`);
  const ways: Readonly<Record<string, () => unknown>> = {
    "protobuf, by us": () => decodeProtobuf(protobuf),
    "protobuf, by pbf's generated code": () => readWithPbf(new PbfReader(protobuf)),
    "protobuf, by protobufjs": () => readRequest(protobuf),
    "JSON, by us": () => decodeJson(json),
    "JSON, by JSON.parse alone": () => JSON.parse(json.toString()),
    "protobuf, and translated to documents": () => spansToDocuments(requestOf(decodeProtobuf(protobuf))),
  };
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
  for (let round = 0; round < 30; round += 1) {
    for (const [name, work] of Object.entries(ways)) {
      const start = process.cpuUsage();
      for (let at = 0; at < 8; at += 1) work();
      if (round >= 5) times.get(name)?.push(microseconds(process.cpuUsage(start)) / 8 / spans);
    }
  }
  for (const [name, all] of times)
    console.log(`${name.padEnd(40)} ${median(all).toFixed(2).padStart(6)} µs of CPU a span`);
}

function requestOf(decoded: Decoded) {
  if (decoded.kind === "undecodable") throw new Error(decoded.reason);
  return decoded.request;
}

/** What `npx pbf` would make of the definition. */
async function pbfReader(): Promise<(pbf: PbfReader) => unknown> {
  // Its compiler has no types.
  const compiler = "pbf/compile";
  const { compile } = (await import(compiler)) as { compile(schema: object): object };
  const fromPbf = createRequire(createRequire(import.meta.url).resolve("pbf"));
  const fromSchema = createRequire(fromPbf.resolve("resolve-protobuf-schema"));
  const { parse } = fromSchema("protocol-buffers-schema") as { parse(text: string): object };
  const made = compile(parse(otlpProto)) as { readExportTraceServiceRequest(pbf: PbfReader): unknown };
  return made.readExportTraceServiceRequest;
}

/** The process under measurement. */
async function serve(): Promise<void> {
  const ingest = new Ingest({ append: async (documents) => ({ outcomes: documents.map(() => undefined) }) });
  const anyPort = { number: 0, isChosen: false };
  const bindError = (cause: unknown): Error => new Error("no port", { cause });
  const { addresses } = await openOtlp({ host: "127.0.0.1", http: anyPort, grpc: anyPort, door: ingest, bindError });
  process.on("message", () => process.send?.(microseconds(process.cpuUsage())));
  process.send?.(addresses);
}

async function toTheDoor(): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), { execArgv: process.execArgv });
  const [addresses] = (await once(child, "message")) as [OtlpAddresses];
  const cpu = async (): Promise<number> => {
    child.send("cpu");
    return ((await once(child, "message")) as [number])[0];
  };
  const url = `${addresses.otlpHttp}/v1/traces`;
  const grpc = grpcClient(addresses.otlpGrpc);
  const protobuf = Array.from({ length: 4 }, (_, at) => Buffer.from(encodeRequest(aBatch(spans, at * spans))));
  const json = Array.from({ length: 4 }, (_, at) => Buffer.from(JSON.stringify(aBatch(spans, at * spans))));
  const post = async (body: Buffer, headers: Record<string, string>): Promise<void> => {
    const answer = await fetch(url, { method: "POST", headers, body: body as BodyInit });
    if (answer.status !== 200) throw new Error(await answer.text());
    await answer.arrayBuffer();
  };
  const binary = { "content-type": "application/x-protobuf" };
  await throughput("HTTP, protobuf", cpu, protobuf, (body) => post(body, binary));
  const gzip = { "content-encoding": "gzip" };
  await throughput(
    "HTTP, gzipped protobuf",
    cpu,
    protobuf.map((body) => gzipSync(body)),
    (body) => post(body, { ...binary, ...gzip }),
  );
  await throughput("HTTP, JSON", cpu, json, (body) => post(body, { "content-type": "application/json" }));
  await throughput("gRPC", cpu, protobuf, async (body) => {
    const answer = await exportByGrpc(grpc, body);
    if (answer instanceof Error) throw answer;
  });
  grpc.close();
  child.kill();
}

async function throughput(
  name: string,
  cpu: () => Promise<number>,
  bodies: readonly Buffer[],
  send: (body: Buffer) => Promise<void>,
): Promise<void> {
  const batches = 60;
  const times: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    const before = await cpu();
    let sent = 0;
    const senders = bodies.map(async (body) => {
      while (sent < batches) {
        sent += 1;
        await send(body);
      }
    });
    await Promise.all(senders);
    if (round >= 2) times.push(((await cpu()) - before) / batches / spans);
  }
  const each = median(times);
  const rate = Math.round(1_000 / each) * 1_000;
  console.log(
    `to the door by ${name.padEnd(25)} ${each.toFixed(2).padStart(6)} µs of CPU a span, ${rate} spans/s on a core`,
  );
}

function microseconds({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1]!;
}
