import { afterEach, describe, expect, it } from "vitest";
import { type FakeUpstream, startFakeUpstream } from "../../test/fixtures/fake-upstream.ts";
import { failure, failures, nonsense, stall } from "../../test/fixtures/fake-upstream-behaviour.ts";
import { localhostTls, serveHttp, serveProxy } from "../../test/fixtures/http-servers.ts";
import { signatureFault } from "../../test/fixtures/verify-signature.ts";
import { type Log, silentLog } from "../log.ts";
import { parseDestination } from "./destination.ts";
import { type OpenedWayOut, openWayOut, type WayOutOptions } from "./open-way-out.ts";
import type { ForwardError } from "./way-out.ts";

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret/with+signs" };
const environment = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };

async function upstream(options: { tls?: boolean } = {}): Promise<FakeUpstream> {
  const started = await startFakeUpstream(options);
  opened.push(started);
  return started;
}

async function open(to: string, options: Partial<WayOutOptions> = {}): Promise<OpenedWayOut> {
  const way = await openWayOut(parseDestination(to), {
    region: "eu-central-1",
    environment,
    log: silentLog,
    version: "1.2.3",
    ...options,
  });
  opened.push(way.wayOut);
  return way;
}

const documents = ["1", "2", "3"].map((n) =>
  Buffer.from(JSON.stringify({ id: n.repeat(16), name: "shop", text: '"\\é' })),
);
const { signal } = new AbortController();

const rejection = (work: Promise<unknown>): Promise<ForwardError> =>
  work.then(
    () => expect.fail("This should have failed."),
    (error: ForwardError) => error,
  );

describe("to AWS X-Ray", () => {
  it("documents go in one signed request, as the original sends it", async () => {
    const xray = await upstream();
    const { wayOut, api } = await open("aws", { endpoint: xray.url });
    expect([wayOut.name, api?.endpoint.href]).toEqual(["aws eu-central-1", `${xray.url}/`]);
    expect(await wayOut.send(documents, signal)).toEqual([undefined, undefined, undefined]);
    expect(xray.documents).toEqual(documents.map(String));
    const [request] = xray.requests;
    expect(request).toMatchObject({ method: "POST", path: "/TraceSegments" });
    expect(request!.headers).toEqual({
      host: new URL(xray.url).host,
      connection: "keep-alive",
      "content-length": String(request!.body.length),
      "content-type": "application/json",
      "user-agent": expect.stringMatching(
        /^fluoroscope\/1\.2\.3 xray-agent\/xray-daemon\/1\.2\.3 exec-env\/UNKNOWN OS\/(linux|darwin|windows)-[a-z0-9]+$/,
      ),
      "x-amzn-xray-timestamp": expect.stringMatching(/^\d{10}\.\d{9}$/),
      "x-amz-date": expect.stringMatching(/^\d{8}T\d{6}Z$/),
      "x-amz-content-sha256": expect.stringMatching(/^[0-9a-f]{64}$/),
      authorization: expect.stringContaining(
        "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amzn-xray-timestamp,",
      ),
    });
    expect(await signatureFault(request!, keys)).toBeUndefined();
  });

  it("goes over TLS, through a proxy, when told so", async () => {
    const xray = await upstream({ tls: true });
    const proxy = await serveProxy();
    opened.push(proxy);
    const endpoint = xray.url.replace("127.0.0.1", "localhost");
    const options = { endpoint, verifyTls: false, proxyAddress: `http://localhost:${proxy.port}` };
    const { wayOut } = await open("aws", options);
    await wayOut.send(documents, signal);
    expect(proxy.asked).toHaveLength(1);
    const elsewhere = await open("aws", {
      endpoint,
      verifyTls: false,
      environment: { ...environment, https_proxy: proxy.url.href, no_proxy: "localhost" },
    });
    await elsewhere.wayOut.send(documents, signal);
    expect(proxy.asked).toHaveLength(1);
    expect(xray.counts().requests).toBe(2);
  });

  it("a session token is sent and signed", async () => {
    const xray = await upstream();
    const { wayOut } = await open("aws", {
      endpoint: xray.url,
      environment: { ...environment, AWS_SESSION_TOKEN: "to+ken" },
    });
    await wayOut.send(documents, signal);
    expect(await signatureFault(xray.requests[0]!, { ...keys, sessionToken: "to+ken" })).toBeUndefined();
  });

  it("without a region there is no way", async () => {
    const error = await open("aws", { region: undefined }).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: "FLUORO_NO_REGION" });
  });

  it.each(["/no/such/file.pem", new URL("verify-signature.ts", import.meta.url).pathname])(
    "%s is no file of certificates",
    async (caFile) => {
      const error = await open("aws", { caFile }).catch((error: unknown) => error);
      expect(error).toMatchObject({ code: "FLUORO_BAD_CONFIG", message: expect.stringContaining(caFile) });
    },
  );

  it("a wrong clock is found out by AWS's, and said once", async () => {
    const signedAt: string[] = [];
    const aws = await serveHttp((incoming, outgoing) => {
      signedAt.push(String(incoming.headers["x-amz-date"]));
      incoming.resume();
      const isOff = !String(incoming.headers["x-amz-date"]).startsWith("20261124T12");
      outgoing.writeHead(isOff ? 403 : 200, {
        Date: "Tue, 24 Nov 2026 12:00:00 GMT",
        "x-amzn-ErrorType": "InvalidSignatureException",
      });
      outgoing.end(isOff ? '{"message":"Signature expired"}' : "{}");
    });
    opened.push(aws);
    const warnings: object[] = [];
    const log: Log = { ...silentLog, warn: (fields) => warnings.push(fields) };
    const { wayOut } = await open("aws", { endpoint: aws.url.href, log, now: () => Date.UTC(2026, 10, 24, 9) });
    await wayOut.send(documents, signal);
    await wayOut.send(documents, signal);
    expect(signedAt).toEqual(["20261124T090000Z", "20261124T120000Z", "20261124T120000Z"]);
    expect(warnings).toEqual([{ offSeconds: 3 * 3_600, remedy: expect.stringContaining("clock") }]);
  });
});

describe("to another fluoroscope", () => {
  it("documents go unsigned, below the path of its address", async () => {
    const xray = await upstream();
    const { wayOut, api } = await open(`${xray.url}/prefix/`);
    expect(wayOut.name).toBe(xray.url);
    await wayOut.send(documents, signal);
    expect(xray.requests[0]).toMatchObject({ path: "/prefix/TraceSegments" });
    expect(Object.keys(xray.requests[0]!.headers).filter((name) => /amz-|authorization/.test(name))).toEqual([]);
    expect(api?.name).toBe(xray.url);
  });
});

describe("what the other side says", () => {
  it("of single documents is told one by one", async () => {
    const xray = await upstream();
    xray.leaveUnprocessed("2".repeat(16), { ErrorCode: "InvalidTraceId", Message: "no" });
    const { wayOut } = await open(xray.url);
    const refused = { segmentId: "2".repeat(16), code: "InvalidTraceId", message: "no", retryable: false };
    expect(await wayOut.send(documents, signal)).toEqual([undefined, refused, undefined]);
  });

  it.each([
    ["400", failures.badRequest, "split", "4xx"],
    ["413", failures.tooLarge, "split", "4xx"],
    ["429", failures.throttled, "retry", "4xx"],
    ["400 that means busy", failure(400, "ThrottlingException"), "retry", "4xx"],
    ["500", failures.internal, "retry", "5xx"],
    ["403", failures.accessDenied, "hold", "4xx"],
    ["expired credentials, and there are no others", failures.expiredToken, "retry", "4xx"],
    ["a page", nonsense.html, "retry", "other"],
    ["half an answer", nonsense.notJson, "retry", "other"],
    ["no HTTP", nonsense.noise, "retry", "other"],
    ["a reset", nonsense.resetAtStart, "retry", "other"],
    ["a reset in the middle", nonsense.resetInMiddle, "retry", "other"],
    ["a redirection", { kind: "answer", status: 302, headers: { Location: "/login" }, body: "" }, "hold", "other"],
  ] as const)("of all of them, by %s", async (_, behaviour, advice, kind) => {
    const xray = await upstream();
    xray.behave(behaviour);
    const { wayOut } = await open("aws", { endpoint: xray.url });
    expect(await rejection(wayOut.send(documents, signal))).toMatchObject({ code: "FLUORO_FORWARD", advice, kind });
  });

  it("with nothing but 200 is that it has taken them", async () => {
    const xray = await upstream();
    xray.behave(nonsense.empty);
    const { wayOut } = await open(xray.url);
    expect(await wayOut.send(documents, signal)).toEqual([undefined, undefined, undefined]);
  });

  it("in more than a megabyte is not listened to", async () => {
    const xray = await upstream();
    xray.behave({ kind: "answer", status: 200, body: " ".repeat(2 ** 20 + 1) });
    const { wayOut } = await open(xray.url);
    expect((await rejection(wayOut.send(documents, signal))).message).toContain("more than 1048576 bytes");
  });

  it("too late is not waited for by a daemon that stops", async () => {
    const xray = await upstream();
    xray.behave(stall);
    const { wayOut } = await open(xray.url);
    const stop = new AbortController();
    const sending = rejection(wayOut.send(documents, stop.signal));
    await expect.poll(() => xray.counts().requests).toBe(1);
    stop.abort();
    expect(await sending).toMatchObject({ advice: "retry" });
  });
});

describe("calls passed on to an X-Ray API", () => {
  it("are signed without what meshes and proxies have added", async () => {
    const xray = await upstream();
    const { api } = await open("aws", { endpoint: xray.url });
    const headers = {
      accept: "*/*",
      "content-type": "application/x-amz-json-1.1",
      "user-agent": "Boto3",
      "x-forwarded-for": "10.0.0.1",
      authorization: "AWS4-HMAC-SHA256 of somebody else",
      "x-amz-date": "20200101T000000Z",
      "x-amz-security-token": "somebody else's",
      "x-envoy-expected-rq-timeout-ms": "15000",
      "x-request-id": "1",
      traceparent: "00-1",
      connection: "x-request-id, close",
      "transfer-encoding": "chunked",
      host: "127.0.0.1:2000",
    };
    const answer = await api!.request({
      method: "POST",
      path: "/SamplingTargets?a=1",
      headers,
      body: Buffer.from("{}"),
      signal,
    });
    expect(answer.status).toBe(200);
    const [request] = xray.requests;
    expect(request!.path).toBe("/SamplingTargets?a=1");
    expect(Object.keys(request!.headers).sort()).toEqual(
      [
        ...["accept", "authorization", "connection", "content-length", "content-type", "host", "user-agent"],
        ...["x-amz-content-sha256", "x-amz-date", "x-forwarded-for"],
      ].sort(),
    );
    expect(request!.headers).toMatchObject({
      "user-agent": "Boto3",
      host: new URL(xray.url).host,
      connection: "keep-alive",
    });
    expect(await signatureFault(request!, keys)).toBeUndefined();
  });

  it.each([
    "//evil.test/x",
    "/\\evil.test/x",
    "@evil.test/x",
    "http://evil.test/x",
    "/../../x",
    "/%2e%2e/x",
    "/a b/é?q=ü",
  ])("%s leads to no other host, and its signature holds", async (path) => {
    const xray = await upstream();
    const { api } = await open("aws", { endpoint: xray.url });
    await api!.request({ method: "GET", path, body: new Uint8Array() });
    expect(xray.requests).toHaveLength(1);
    expect(await signatureFault(xray.requests[0]!, keys)).toBeUndefined();
  });
});

it("an extra authority is read from the file that AWS_CA_BUNDLE names, too", async () => {
  const pem = new URL("../../test/fixtures/localhost-tls.pem", import.meta.url).pathname;
  expect(localhostTls).toContain("CERTIFICATE");
  const xray = await upstream({ tls: true });
  for (const options of [{ caFile: pem }, { environment: { ...environment, AWS_CA_BUNDLE: pem } }]) {
    const { wayOut } = await open("aws", { endpoint: xray.url, ...options });
    expect(await wayOut.send(documents, signal)).toHaveLength(3);
  }
});
