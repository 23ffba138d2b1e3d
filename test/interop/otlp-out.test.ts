import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { workloadDocuments } from "../../bench/workload.ts";
import { createHttpClient } from "../../src/forward/http-client.ts";
import { otlpWayOut } from "../../src/forward/otlp-way-out.ts";
import type { Segment } from "../../src/trace/segment.ts";
import { testDaemons } from "../e2e/running-daemon.ts";
import { arbitraryDocuments } from "../fixtures/arbitrary-traces.ts";
import { aDocument, anId, aWireSegment, aWireSubsegment, parsed, type Wire } from "../fixtures/builders.ts";
import { type OtlpReceiver, startOtlpReceiver } from "../fixtures/otlp-receiver.ts";
import { type PythonEnvironment, preparePython } from "./python-environment.ts";
import { run } from "./running-up.ts";

/** What OpenTelemetry's own definitions, in protobuf for Python, make of what we send. */
interface DecodedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: string;
  readonly start: string;
  readonly end: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: readonly [code: number, message: string];
  readonly resource: Readonly<Record<string, unknown>>;
  readonly scope: string;
}

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8");
const captures: Record<string, Wire> = JSON.parse(fixture("captures.json"));
const captured = Object.values(captures).map((capture) =>
  "trace_id" in capture ? JSON.stringify(capture) : aDocument({ subsegments: [capture] }),
);
const datagrams = JSON.parse(fixture("datagrams/python-requests.json")) as readonly { readonly datagram: string }[];

let environment: PythonEnvironment;
let receiver: OtlpReceiver;
beforeAll(async () => {
  environment = await preparePython();
}, 240_000);
beforeEach(async () => {
  receiver = await startOtlpReceiver();
});
afterEach(() => receiver.close());

async function send(documents: readonly string[]): Promise<void> {
  const wayOut = otlpWayOut({ url: receiver.url, http: createHttpClient(), headers: { "api-key": "k" } });
  try {
    const outcomes = await wayOut.send(documents.map(Buffer.from), new AbortController().signal);
    expect(outcomes).toEqual(documents.map(() => undefined));
  } finally {
    await wayOut.close();
  }
}

/** What the receiver has got so far, read by OpenTelemetry's definitions: nothing unknown is let through. */
async function decoded(): Promise<readonly DecodedSpan[]> {
  if (!("python" in environment)) throw new Error(environment.reason);
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-otlp-"));
  try {
    const file = join(folder, "requests.jsonl");
    writeFileSync(file, receiver.requests.map(({ text }) => `${text}\n`).join(""));
    const decoder = fileURLToPath(new URL("clients/decode_otlp.py", import.meta.url));
    const { code, output } = await run(environment.python, [decoder, file]);
    expect(code, "the decoder must understand all of it").toBe(0);
    return output
      .trim()
      .split("\n")
      .flatMap((line) => JSON.parse(line) as DecodedSpan[]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const flatten = (segment: Segment): Segment[] => [segment, ...segment.subsegments.flatMap(flatten)];
const idsOf = (documents: readonly string[]): string[] =>
  parsed(...documents)
    .flatMap(flatten)
    .map(({ id }) => id);

describe("read by OpenTelemetry's own definitions", () => {
  beforeEach(({ skip }) => {
    if ("reason" in environment) skip(environment.reason);
  });

  it("documents of the official SDKs are spans with their ids, kinds, times and resources", async () => {
    await send(captured);
    const spans = await decoded();
    expect(spans.map(({ spanId }) => spanId).toSorted()).toEqual(idsOf(captured).toSorted());
    const script = spans.filter(({ traceId }) => traceId === "6b053ae56e83f70fdbe55738fb36569c");
    expect(script).toMatchObject([
      {
        name: "call-cli",
        kind: "SPAN_KIND_SERVER",
        parentSpanId: "",
        start: "1795504869447006000",
        end: "1795504869463152600",
        resource: { "service.name": "call-cli", "telemetry.sdk.language": "python" },
        scope: "fluoroscope/segments",
      },
      {
        name: "127.0.0.1",
        kind: "SPAN_KIND_CLIENT",
        parentSpanId: script[0]!.spanId,
        attributes: { "http.request.method": "GET", "http.response.status_code": 200, "server.port": 8765 },
      },
    ]);
  });

  it("the datagrams of the original script are too, faults and exceptions among them", async () => {
    await send(datagrams.map(({ datagram }) => datagram.slice(datagram.indexOf("\n") + 1)));
    const calls = (await decoded()).filter(({ kind }) => kind === "SPAN_KIND_CLIENT");
    expect(calls.map(({ status: [code] }) => code)).toEqual([0, 2, 2]);
    expect(calls[2]!.events).toMatchObject([
      {
        name: "exception",
        attributes: {
          "exception.type": "ConnectionError",
          "exception.stacktrace": expect.stringMatching(/^Traceback \(most recent call last\):\n {2}File "/),
        },
      },
    ]);
  });

  it("values of every kind arrive as what they are", async () => {
    const annotations = { text: "é \u{1f600} \u0000", whole: 2 ** 53 - 1, part: 0.1, large: 1e300, yes: true };
    const links = [{ trace_id: "1-6553f100-0000000000000000000000ff", id: anId() }];
    await send([
      aDocument({
        annotations,
        links,
        metadata: { default: { deep: [{ a: null }] } },
        name: "cut \ud83d",
        subsegments: [
          aWireSubsegment({
            name: "S3",
            namespace: "aws",
            aws: { operation: "PutObject", key: "k", resource_names: ["r1", "r2"], retries: 2, odd: { a: [1] } },
          }),
        ],
      }),
    ]);
    const [span, call] = await decoded();
    expect(span).toMatchObject({
      name: "cut \ufffd",
      attributes: {
        text: annotations.text,
        // protobuf's JSON for Python prints int64 as a number.
        whole: annotations.whole,
        part: 0.1,
        large: 1e300,
        yes: true,
        "aws.xray.annotations": Object.keys(annotations),
        "aws.xray.metadata.default": '{"deep":[{"a":null}]}',
      },
      links: [{ traceId: "6553f1000000000000000000000000ff", spanId: links[0]!.id }],
    });
    expect(call!.attributes).toEqual({
      "rpc.system": "aws-api",
      "rpc.service": "S3",
      "rpc.method": "PutObject",
      "aws.s3.key": "k",
      "aws.xray.retries": 2,
      "aws.xray.aws.resource_names": ["r1", "r2"],
      "aws.xray.aws": '{"odd":{"a":[1]}}',
    });
  });

  it("any trace is understood", async () => {
    const traces = fc.sample(arbitraryDocuments, { numRuns: 100, seed: 3 });
    const documents = traces.flatMap((trace) => trace.map(({ text }) => text));
    for (let at = 0; at < documents.length; at += 50) await send(documents.slice(at, at + 50));
    expect((await decoded()).map(({ spanId }) => spanId).toSorted()).toEqual(idsOf(documents).toSorted());
  });
});

it("requests carry content type and keys, on this machine without gzip, and one request holds all documents", async () => {
  const documents = [...workloadDocuments({ traces: 10, startSeconds: 1_700_000_000, spanSeconds: 10 })].slice(0, 50);
  await send(documents);
  expect(receiver.requests).toMatchObject([
    { method: "POST", path: "/v1/traces", headers: { "content-type": "application/json", "api-key": "k" } },
  ]);
  const { headers, text } = receiver.requests[0]!;
  expect(headers["content-encoding"]).toBeUndefined();
  expect(Number(headers["content-length"])).toBe(Buffer.byteLength(text));
});

describe("fluoroscope daemon --to otlp:", () => {
  const daemons = testDaemons();
  const header = '{"format":"json","version":1}\n';
  const arrived = (): Set<string> =>
    new Set(
      receiver.requests.flatMap(({ text }) => [...text.matchAll(/"spanId":"(\w{16})"/g)].map((match) => match[1]!)),
    );

  it("sends what comes by UDP, waits when it is told to, and finds the one bad document", async () => {
    const daemon = await daemons.start({
      to: [`otlp:${receiver.url.origin}`],
      env: { OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20b" },
    });
    receiver.next({ status: 503, headers: { "retry-after": "1" } });
    const segments = Array.from({ length: 20 }, () => aWireSegment());
    await daemon.send(...segments.map((segment) => header + JSON.stringify(segment)), `${header}{"id":`);
    await expect.poll(async () => (await daemon.figures()).unprocessed, { timeout: 60_000 }).toBe(1);
    await expect.poll(async () => (await daemon.figures()).sent, { timeout: 60_000 }).toBe(20);
    expect(arrived()).toEqual(new Set(segments.map(({ id }) => id)));
    expect(receiver.requests[0]!.headers).toMatchObject({
      "api-key": "a b",
      "user-agent": expect.stringMatching(/^fluoroscope\//),
    });
  });
});
