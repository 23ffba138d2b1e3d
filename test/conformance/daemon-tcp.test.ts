import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetSamplingRulesCommand, GetTraceSummariesCommand, XRayClient } from "@aws-sdk/client-xray";
import AWSXRay from "aws-xray-sdk-core";
import { afterEach, expect, it } from "vitest";
import { aDocument, anId } from "../fixtures/builders.ts";
import { type FakeUpstream, startFakeUpstream } from "../fixtures/fake-upstream.ts";
import { failure, stall, take } from "../fixtures/fake-upstream-behaviour.ts";
import { parseMetrics } from "../fixtures/parse-metrics.ts";
import { type ADaemon, type ADaemonOptions, aDaemon, aDaemonConfig } from "./a-daemon.ts";
import { aServer } from "./a-server.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function upstream(): Promise<FakeUpstream> {
  const started = await startFakeUpstream();
  closing.push(() => started.close());
  return started;
}

async function daemon(words: readonly string[], options: ADaemonOptions = {}): Promise<ADaemon> {
  const started = await aDaemon(words, options);
  closing.push(() => started.close());
  return started;
}

/** A receiver of OpenTelemetry that takes everything. */
async function collector(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().once("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(async () => server.close());
  return `otlp:http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const eventually = { timeout: 30_000, interval: 20 };
const segments = (count: number): { ids: string[]; documents: string[] } => {
  const ids = Array.from({ length: count }, anId);
  return { ids, documents: ids.map((id) => aDocument({ id })) };
};

it("a call of any API is signed for the region and passed on, and so is its answer", async () => {
  const aws = await upstream();
  const { url, post } = await daemon(["--endpoint", aws.url]);
  const answer = await post("/GetSamplingRules", "{}", { "x-envoy-attempt-count": "1", accept: "*/*" });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ SamplingRuleRecords: [{ SamplingRule: { RuleName: "Default" } }] });
  aws.behave(failure(429, "ThrottledException"), "/Traces");
  const throttled = await fetch(`${url}/Traces?a=b`, { method: "PUT", body: "{}" });
  expect([throttled.status, throttled.headers.get("x-amzn-errortype")]).toEqual([429, "ThrottledException"]);

  expect(aws.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /GetSamplingRules",
    "PUT /Traces?a=b",
  ]);
  const [{ headers }] = aws.requests as [(typeof aws.requests)[0]];
  expect(headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/xray\/aws4_request,/,
  );
  expect(headers["x-forwarded-for"]).toBe("127.0.0.1");
  expect(headers["x-envoy-attempt-count"]).toBeUndefined();
});

it("the path of a call never leads to another host", async () => {
  const aws = await upstream();
  const { url } = await daemon(["--endpoint", aws.url]);
  await fetch(`${url}//evil.example/x`, { method: "POST" });
  await fetch(`${url}/@evil.example/x`, { method: "POST" });
  expect(aws.requests).toHaveLength(2);
  for (const { headers } of aws.requests) expect(headers.host).toBe(new URL(aws.url).host);
});

it("without credentials nothing is passed on, and the caller is told what to do", async () => {
  const aws = await upstream();
  const { post } = await daemon(["--endpoint", aws.url], { environment: { AWS_EC2_METADATA_DISABLED: "true" } });
  const answer = await post("/GetSamplingRules", "{}");
  expect(answer.status).toBe(502);
  expect(answer.headers.get("x-amzn-errortype")).toBe("BadGatewayException");
  expect(((await answer.json()) as { Message: string }).Message).toMatch(/credentials/i);
  expect(aws.requests).toEqual([]);
});

it("an upstream that is gone is 502 with a reason, and degraded health until it is back", async () => {
  const aws = await upstream();
  const { post, url, send } = await daemon(["--endpoint", aws.url]);
  const health = async (query = ""): Promise<[number, string]> => {
    const answer = await fetch(`${url}/healthz${query}`);
    return [answer.status, ((await answer.json()) as { status: string }).status];
  };
  expect(await health("?strict")).toEqual([200, "ready"]);
  await aws.goDown();
  const answer = await post("/SamplingTargets", "{}");
  expect([answer.status, await answer.json()]).toEqual([502, { Message: expect.stringContaining("127.0.0.1") }]);
  await send(aDocument());
  await expect.poll(() => health(), eventually).toEqual([200, "degraded"]);
  expect(await health("?strict")).toEqual([503, "degraded"]);
  await aws.comeUp();
  await expect.poll(() => health("?strict"), eventually).toEqual([200, "ready"]);
  await expect.poll(() => aws.counts().distinct, eventually).toBe(1);
});

it("metrics are what a strict scraper reads, and add up", async () => {
  const aws = await upstream();
  const { url, send, figures } = await daemon(["--endpoint", aws.url, "--to", "aws", "--to", await collector()]);
  const scrape = async () => parseMetrics(await (await fetch(`${url}/metrics`)).text());
  expect((await scrape()).get("fluoroscope_documents_received_total")!.samples[0]!.value).toBe(0);
  const { ids, documents } = segments(120);
  aws.next(failure(503, "ServiceUnavailable"));
  aws.leaveUnprocessed(ids[7]!, { ErrorCode: 'Odd"Code\\', Message: "as the test wants it" });
  await send(...documents, "");
  await expect.poll(async () => (await figures()).sent, eventually).toBe(239);

  const metrics = await scrape();
  const value = (name: string, labels: object = {}): number | undefined =>
    metrics
      .get(`fluoroscope_${name}`)
      ?.samples.find((sample) => Object.entries(labels).every(([key, text]) => sample.labels[key] === text))?.value;
  expect(value("documents_received_total")).toBe(121);
  expect(value("documents_refused_total")).toBe(1);
  expect(value("problems_total", { code: "MissingBody" })).toBe(1);
  const way_out = "aws eu-west-1";
  expect(value("forward_put_total", { way_out })).toBe(120);
  expect(value("forward_unprocessed_total", { way_out, code: 'Odd"Code\\' })).toBe(1);
  expect(value("forward_retries_total", { way_out })).toBe(1);
  expect(value("forward_failures_total", { way_out, kind: "5xx" })).toBe(1);
  expect(value("forward_ready", { way_out })).toBe(1);
  const histogram = metrics.get("fluoroscope_forward_request_seconds")!;
  expect(histogram.type).toBe("histogram");
  const count = histogram.samples.find(({ name, labels }) => name.endsWith("_count") && labels.way_out === way_out);
  expect(count!.value).toBe(value("forward_requests_total", { way_out }));
  expect(metrics.get("fluoroscope_build_info")!.samples[0]!.labels.version).toBe("0.0.0");
  expect((await figures()).imbalance).toBe(0);
});

it("what was refused here and what was not taken there are both among the problems", async () => {
  const aws = await upstream();
  const { url, send } = await daemon(["--endpoint", aws.url]);
  const id = anId();
  aws.leaveUnprocessed(id, { ErrorCode: "InvalidSegment", Message: "The segment is too old." });
  await send("", aDocument({ id }));
  const problems = async () => (await (await fetch(`${url}/api/problems`)).json()) as { counts: object };
  await expect.poll(async () => (await problems()).counts, eventually).toEqual({ MissingBody: 1, InvalidSegment: 1 });
  expect(await problems()).toMatchObject({
    problems: expect.arrayContaining([
      expect.objectContaining({ code: "InvalidSegment", message: "The segment is too old.", source: "aws eu-west-1" }),
      expect.objectContaining({ code: "MissingBody", source: "udp" }),
    ]),
  });
});

it("without an X-Ray API the sampler of X-Ray's Node SDK is answered here, with the default rule", async () => {
  const { url, post } = await daemon(["--to", await collector()]);
  const connector = createRequire(import.meta.url)(
    "aws-xray-sdk-core/dist/lib/middleware/sampling/service_connector.js",
  ) as Connector;
  AWSXRay.setDaemonAddress(new URL(url).host);
  const rules = await new Promise<Rule[]>((resolve, reject) => {
    connector.fetchSamplingRules((error, fetched) => (error ? reject(error) : resolve(fetched!)));
  });
  expect(rules.map((rule) => rule.getName())).toEqual(["Default"]);
  const targets = await new Promise<object>((resolve, reject) => {
    connector.fetchTargets(rules, (error, fetched) => (error ? reject(error) : resolve(fetched!)));
  });
  expect(targets).toEqual({
    Default: { rate: 0.05, quota: expect.any(Number), TTL: expect.any(Number), interval: 10 },
  });

  const client = new XRayClient({
    endpoint: url,
    region: "eu-west-1",
    credentials: { accessKeyId: "none", secretAccessKey: "none" },
    maxAttempts: 1,
  });
  closing.push(async () => client.destroy());
  const { SamplingRuleRecords } = await client.send(new GetSamplingRulesCommand({}));
  expect(SamplingRuleRecords![0]!.SamplingRule!.RuleName).toBe("Default");
  const range = { StartTime: new Date(0), EndTime: new Date() };
  await expect(client.send(new GetTraceSummariesCommand(range))).rejects.toMatchObject({
    name: "UnknownOperationException",
    message: expect.stringContaining("--to aws"),
  });
  expect((await post("/SamplingTargets", "not json")).status).toBe(400);
});

interface Rule {
  getName(): string;
}

interface Connector {
  fetchSamplingRules(callback: (error: Error | null, rules?: Rule[]) => void): void;
  fetchTargets(rules: Rule[], callback: (error: Error | null, targets?: object) => void): void;
}

it("without an X-Ray API posted documents come through the same door as datagrams", async () => {
  const { post, figures } = await daemon(["--to", await collector()]);
  const { documents } = segments(3);
  const answer = await post("/TraceSegments", { TraceSegmentDocuments: documents });
  expect([answer.status, await answer.json()]).toEqual([200, { UnprocessedTraceSegments: [] }]);
  await expect.poll(async () => (await figures()).sent, eventually).toBe(3);
  expect((await figures()).received).toBe(3);
  expect((await post("/TelemetryRecords", { TelemetryRecords: [] })).status).toBe(200);
});

it("another fluoroscope is asked unsigned, and answers what was sent to it through the daemon", async () => {
  const far = await aServer();
  closing.push(() => far.close());
  const { url, send } = await daemon(["--to", far.addresses.http]);
  const id = anId();
  await send(aDocument({ id, name: "checkout", start_time: Date.now() / 1000 - 1, end_time: Date.now() / 1000 }));
  const ask = async (): Promise<string[]> => {
    const body = JSON.stringify({ StartTime: Date.now() / 1000 - 600, EndTime: Date.now() / 1000 + 1 });
    const answer = await fetch(`${url}/ServiceGraph`, { method: "POST", body });
    return ((await answer.json()) as { Services: { Name: string }[] }).Services.map(({ Name }) => Name);
  };
  await expect.poll(ask, eventually).toContain("checkout");
});

it("the last report has the original's members, and tells of real failures", async () => {
  const aws = await upstream();
  const environment = {
    AWS_ACCESS_KEY_ID: "A",
    AWS_SECRET_ACCESS_KEY: "s",
    AWS_HOSTNAME: "web-1",
    AWS_INSTANCE_ID: "i-1",
  };
  const started = await aDaemon(["--endpoint", aws.url, "-a", "arn:aws:ecs:eu-west-1:1:task/a"], { environment });
  const { ids, documents } = segments(3);
  aws.next(failure(500, "InternalFailure"));
  aws.leaveUnprocessed(ids[0]!, { ErrorCode: "InvalidSegment", Message: "no" });
  await started.send(...documents, "");
  await expect.poll(() => aws.counts().distinct, eventually).toBe(2);
  await started.close();
  expect(aws.telemetry()).toEqual([
    {
      EC2InstanceId: "i-1",
      Hostname: "web-1",
      ResourceARN: "arn:aws:ecs:eu-west-1:1:task/a",
      TelemetryRecords: [
        {
          Timestamp: expect.any(Number),
          SegmentsReceivedCount: 4,
          SegmentsSentCount: 2,
          SegmentsSpilloverCount: 0,
          SegmentsRejectedCount: 2,
          BackendConnectionErrors: {
            TimeoutCount: 0,
            ConnectionRefusedCount: 0,
            HTTPCode4XXCount: 0,
            HTTPCode5XXCount: 1,
            UnknownHostCount: 0,
            OtherCount: 0,
          },
        },
      ],
    },
  ]);
});

it("a stop ends in time before an upstream that never answers, and the next start sends what was kept", async () => {
  const aws = await upstream();
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-daemon-"));
  closing.push(async () => rmSync(folder, { recursive: true, force: true }));
  const words = ["--endpoint", aws.url, "--shutdown-timeout", "1s"];
  const first = await aDaemon(words, { folder });
  const { ids, documents } = segments(230);
  aws.behave(stall);
  await first.send(...documents);
  await expect.poll(async () => (await first.figures()).received, eventually).toBe(230);
  await first.close();
  await expect(fetch(`${first.url}/healthz`)).rejects.toThrow();
  expect(aws.missing(ids)).toBe(230);

  aws.behave(take);
  await aDaemon(words, { folder }).then((second) => closing.push(() => second.close()));
  await expect.poll(() => aws.missing(ids), eventually).toBe(0);
});

it("a new configuration is taken up without losing a document", async () => {
  const [one, two] = [await upstream(), await upstream()];
  const { send, reload, folder, figures } = await daemon(["--endpoint", one.url]);
  const { ids, documents } = segments(400);
  one.behave(stall);
  await send(...documents.slice(0, 200));
  await reload(await aDaemonConfig(["--endpoint", two.url, "-m", "4", "--concurrency", "2"], folder));
  await send(...documents.slice(200));
  await expect.poll(() => two.counts().distinct, eventually).toBeGreaterThanOrEqual(200);
  one.behave(take);
  const missing = (): number => ids.filter((id) => one.missing([id]) + two.missing([id]) === 2).length;
  await expect.poll(missing, eventually).toBe(0);
  expect((await figures()).imbalance).toBe(0);
});
