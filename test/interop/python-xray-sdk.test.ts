import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Service, TraceSummary, XRayClient } from "@aws-sdk/client-xray";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { mapShape } from "./map-shape.ts";
import { type PythonEnvironment, preparePython } from "./python-environment.ts";
import { awaitDocuments, findSummaries, readDocuments, serviceGraph, xrayClient } from "./read-traces.ts";
import { type RunningUp, run, startUp } from "./running-up.ts";

/** The original script, a Python program that calls a URL through `requests`, on AWS's own SDK for Python. */
const client = (name: string): string => fileURLToPath(new URL(`clients/${name}`, import.meta.url));

/** Three runs of the script: a page that answers 200, one that answers 503, and a port where nobody listens. */
const expectedMap = {
  "call-api (client)": { calls: { "call-api": "ok 2, fault 1" } },
  "call-api": { root: true, counts: "ok 2, fault 1", calls: { "127.0.0.1 (remote)": "ok 1, fault 2" } },
  "127.0.0.1 (remote)": { counts: "ok 1, fault 2" },
};

describe("the original script, live", () => {
  let environment: PythonEnvironment;
  let up: RunningUp;
  let xray: XRayClient;
  let target: Server;
  const targetHeaders: (string | undefined)[] = [];
  const traceIds: string[] = [];
  const printed: string[] = [];

  beforeAll(async () => {
    environment = await preparePython();
    if (!("python" in environment)) return;
    up = await startUp();
    xray = xrayClient(up.http);
    target = createServer((request, response) => {
      targetHeaders.push(request.headers["x-amzn-trace-id"]?.toString());
      response.writeHead(request.url?.startsWith("/down") ? 503 : 200).end("hello");
    }).listen(0, "127.0.0.1");
    await once(target, "listening");
    const base = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
    for (const url of [`${base}/hello?token=secret#part`, `${base}/down`, "http://127.0.0.1:1/nobody"]) {
      const script = await run(environment.python, [client("call_api.py"), "-u", url], {
        AWS_XRAY_DAEMON_ADDRESS: up.udp,
      });
      const [traceId = "", status = "failed"] = script.output.trim().split("\n");
      traceIds.push(traceId);
      printed.push(status);
      await awaitDocuments(xray, traceId, 2);
    }
  }, 240_000);

  beforeEach(({ skip }) => {
    if ("reason" in environment) skip(`${environment.reason} Its captured datagrams are replayed instead.`);
  });

  afterAll(async () => {
    xray?.destroy();
    target?.close();
    await up?.close();
  });

  it("does what it did before, and the target gets the trace header", () => {
    expect(printed).toEqual(["200", "503", "failed"]);
    expect(targetHeaders).toEqual([
      expect.stringMatching(`^Root=${traceIds[0]};Parent=[0-9a-f]{16};Sampled=1$`),
      expect.stringMatching(`^Root=${traceIds[1]};Parent=[0-9a-f]{16};Sampled=1$`),
    ]);
  });

  it("the map shows the script and what it called, with exact counts", async () => {
    expect(mapShape(await serviceGraph(xray))).toEqual(expectedMap);
  });

  it("each trace is the script's segment and the inferred one of its target", async () => {
    const [script, callee] = await awaitDocuments(xray, traceIds[0]!, 2);
    expect(script).toMatchObject({ name: "call-api" });
    expect(callee).toMatchObject({
      name: "127.0.0.1",
      inferred: true,
      parent_id: script?.subsegments?.[0]?.id,
      http: { request: { url: expect.stringMatching(/\/hello$/) }, response: { status: 200 } },
    });
  });

  it("the refused connection is a fault whose cause is found by a filter", async () => {
    expect((await findSummaries(xray, "fault = true")).map(({ Id }) => Id)).toEqual([traceIds[2]]);
    const found = await findSummaries(xray, 'rootcause.fault.exception { name = "ConnectionError" }');
    expect(found.map(({ Id }) => Id)).toEqual([traceIds[2]]);
    expect(await findSummaries(xray, "http.status = 503")).toEqual([]);
    const faultyCalls = await findSummaries(xray, 'edge("call-api", "127.0.0.1") { fault = true }');
    expect(faultyCalls.map(({ Id }) => Id).sort()).toEqual(traceIds.slice(1).sort());
  });

  it("boto3 reads the same through its paginators", async () => {
    if (!("python" in environment)) return;
    const span = [Date.now() / 1000 - 60, Date.now() / 1000 + 60].map(String);
    const reader = await run(environment.python, [client("read_traces.py"), up.http, ...span]);
    const read = JSON.parse(reader.output) as BotoAnswers;
    expect(read.summaries.map(({ Id }) => Id).sort()).toEqual([...traceIds].sort());
    expect(read.summaries.filter(({ HasFault }) => HasFault).map(({ Id }) => Id)).toEqual([traceIds[2]]);
    expect(read.faults).toEqual(traceIds.slice(1).sort());
    expect(read.traces.map(({ Id, Segments }) => [Id, Segments.length]).sort()).toEqual(
      traceIds.map((id) => [id, 2]).sort(),
    );
    expect(mapShape(read.services)).toEqual(expectedMap);
    expect(mapShape(read.traceServices)).toEqual(expectedMap);
    expect(read.rules).toEqual(["Default"]);
  });
});

interface BotoAnswers {
  readonly summaries: readonly TraceSummary[];
  readonly faults: readonly string[];
  readonly traces: readonly { readonly Id: string; readonly Segments: readonly unknown[] }[];
  readonly services: readonly Service[];
  readonly traceServices: readonly Service[];
  readonly rules: readonly string[];
}

describe("the original script, replayed from its datagrams", () => {
  interface Capture {
    readonly about: string;
    readonly datagram: string;
  }
  const file = new URL("../fixtures/datagrams/python-requests.json", import.meta.url);
  const captures = JSON.parse(readFileSync(file, "utf8")) as readonly Capture[];
  const capturedSeconds = Number(/"start_time": ([\d.]+)/.exec(captures[0]!.datagram)![1]);
  const traceIds = captures.map(({ datagram }) => /"trace_id": "([^"]+)"/.exec(datagram)![1]!);
  let up: RunningUp;
  let xray: XRayClient;

  /** Old traces go away by themselves, so the capture is moved to the present; nothing else of it changes. */
  const asOfNow = (datagram: string): string => {
    const laterBy = Date.now() / 1000 - capturedSeconds;
    return datagram.replace(/(?<="(?:start|end)_time": )[\d.]+/g, (seconds) => String(Number(seconds) + laterBy));
  };

  beforeAll(async () => {
    up = await startUp();
    xray = xrayClient(up.http);
    const [host, port] = up.udp.split(":");
    const socket = createSocket("udp4");
    for (const { datagram } of captures) {
      await new Promise((resolve) => socket.send(asOfNow(datagram), Number(port), host, resolve));
    }
    socket.close();
  });

  afterAll(async () => {
    xray?.destroy();
    await up?.close();
  });

  it("gives the same map", async () => {
    await vi.waitFor(async () => expect(mapShape(await serviceGraph(xray))).toEqual(expectedMap), {
      timeout: 15_000,
      interval: 100,
    });
  });

  it.each(captures.map(({ about }, index) => [about, traceIds[index]!] as const))("%s: two segments", async (_, id) => {
    const documents = await readDocuments(xray, id);
    expect(documents.map(({ name, inferred = false }) => [name, inferred])).toEqual([
      ["call-api", false],
      ["127.0.0.1", true],
    ]);
  });
});
