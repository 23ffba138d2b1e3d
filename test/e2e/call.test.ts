import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { emitter } from "../../src/call/emit-segment.ts";
import { openSegment } from "../../src/call/segment-recorder.ts";
import { parseSegment } from "../../src/trace/parse-segment.ts";
import type { Segment } from "../../src/trace/segment.ts";
import { readDatagram } from "../../src/xray/datagram.ts";
import { parseTraceHeader } from "../../src/xray/trace-header.ts";
import { type RunningUp, startUp } from "../interop/running-up.ts";
import { type CliOptions, cli } from "./run-cli.ts";

async function aServer(respond: RequestListener): Promise<{ url: string; port: number }> {
  const server = createServer(respond);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port };
}

/** Answers with what it was asked. */
const echo: RequestListener = async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const { method, url, headers } = request;
  response.setHeader("content-type", "application/json").end(JSON.stringify({ method, url, headers, body }));
};

const answering =
  (status: number, body = "hello\n"): RequestListener =>
  (_, response) =>
    response.writeHead(status, { "content-type": "text/plain" }).end(body);

/** A daemon that keeps what it is sent. */
async function aDaemon(): Promise<{ address: string; segments: Segment[] }> {
  const segments: Segment[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (bytes) => {
    const read = readDatagram(bytes);
    const parsed = read.kind === "document" ? parseSegment(Buffer.from(read.bytes).toString()) : undefined;
    if (parsed?.kind === "segments") segments.push(...parsed.segments);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  onTestFinished(() => void socket.close());
  return { address: `127.0.0.1:${(socket.address() as AddressInfo).port}`, segments };
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

const call = (words: readonly string[], options?: CliOptions) => cli(["call", ...words], options);

describe("in a pipe", () => {
  it("prints the body alone, and the segment is at the daemon", async () => {
    const { url } = await aServer(answering(200));
    const daemon = await aDaemon();
    const result = await call(["-u", `${url}/x?token=secret`], { env: { AWS_XRAY_DAEMON_ADDRESS: daemon.address } });
    expect(result).toEqual({ code: 0, stdout: "hello\n", stderr: "" });
    await expect
      .poll(() => daemon.segments)
      .toMatchObject([{ name: "call-cli", subsegments: [{ http: { url: `${url}/x`, status: 200 } }] }]);
  });

  it("says to which run it belongs, by option or by environment", async () => {
    const { url } = await aServer(answering(200));
    const daemon = await aDaemon();
    const env = { AWS_XRAY_DAEMON_ADDRESS: daemon.address, FLUOROSCOPE_RUN: "before the change" };
    await call(["-u", url], { env });
    await call(["-u", url, "--run", "after"], { env });
    await expect
      .poll(() => daemon.segments.map(({ annotations }) => annotations?.run))
      .toEqual(["before the change", "after"]);
  });

  it("goes by the original script's name as well", async () => {
    const { url } = await aServer(answering(200));
    const daemon = await aDaemon();
    const env = { AWS_XRAY_DAEMON_ADDRESS: daemon.address, AWS_XRAY_TRACING_NAME: "nightly" };
    expect(await cli(["-u", url], { bin: "call-api.js", env })).toEqual({ code: 0, stdout: "hello\n", stderr: "" });
    await expect.poll(() => daemon.segments).toMatchObject([{ name: "nightly" }]);
  });

  it("sends what curl's options say", async () => {
    const { url } = await aServer(echo);
    const { stdout } = await call([`${url}/a`, "-X", "PUT", "-H", "X-One: 1", "-A", "me", "-d", "a=1", "-d", "@-"], {
      input: "b=2\n",
    });
    expect(JSON.parse(stdout)).toMatchObject({
      method: "PUT",
      url: "/a",
      body: "a=1&b=2",
      headers: { "x-one": "1", "user-agent": "me", "content-type": "application/x-www-form-urlencoded" },
    });
    const posted = await call([url, "--json", '{"id":7}']);
    expect(JSON.parse(posted.stdout)).toMatchObject({
      method: "POST",
      body: '{"id":7}',
      headers: { "content-type": "application/json", accept: "application/json" },
    });
  });

  it("shows headers with -i and -I, follows with -L, and writes with -o and -w", async () => {
    const { url } = await aServer((request, response) =>
      request.url === "/from"
        ? response.writeHead(302, { location: "/to" }).end("moved")
        : answering(200)(request, response),
    );
    expect((await call([`${url}/to`, "-i"])).stdout).toMatch(
      /^HTTP\/1\.1 200 OK\r\ncontent-type: text\/plain\r\n[\s\S]*\r\n\r\nhello\n$/,
    );
    expect((await call([`${url}/to`, "-I"])).stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n$/);
    expect((await call([`${url}/from`])).stdout).toBe("moved");

    const folder = mkdtempSync(join(tmpdir(), "fluoroscope-call-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "body");
    const { stdout } = await call([`${url}/from`, "-sLo", file, "-w", "%{http_code} %{num_redirects} %{trace_id}\\n"]);
    expect(stdout).toMatch(/^200 1 1-[0-9a-f]{8}-[0-9a-f]{24}\n$/);
    expect(readFileSync(file, "utf8")).toBe("hello\n");
  });

  it("with --fail an error's body is left out and the exit code is curl's", async () => {
    const { url } = await aServer(answering(503));
    expect(await call([url])).toEqual({ code: 0, stdout: "hello\n", stderr: "" });
    expect(await call([url, "-f"])).toEqual({ code: 22, stdout: "", stderr: `fluoroscope: ${url} answered 503.\n` });
  });

  it("a failure is one sentence on standard error and exit code 2; -s is silent, -sS is not", async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const sentence = `fluoroscope: Nothing listens on 127.0.0.1:${port} (connection refused). Start the server, or check the port.\n`;
    expect(await call([url])).toEqual({ code: 2, stdout: "", stderr: sentence });
    expect(await call([url, "-s"])).toEqual({ code: 2, stdout: "", stderr: "" });
    expect(await call([url, "-sS"])).toEqual({ code: 2, stdout: "", stderr: sentence });
  });

  it.each([
    ["DNS", (): string => "http://shop.invalid/", [], /^fluoroscope: The host "shop\.invalid" cannot be found/],
    [
      "a slow server",
      async (): Promise<string> => (await aServer(() => undefined)).url,
      ["-m", "0.2"],
      /^fluoroscope: The call took longer than 0\.2 s/,
    ],
    [
      "a certificate that nobody knows",
      async (): Promise<string> => {
        const tls = readFileSync(new URL("../fixtures/localhost-tls.pem", import.meta.url));
        const server = createTlsServer({ key: tls, cert: tls }, answering(200));
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        onTestFinished(() => void server.close());
        return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      },
      [],
      /^fluoroscope: The certificate of 127\.0\.0\.1:\d+ is not trusted/,
    ],
  ] as const)("tells of %s", async (_, url, more, sentence) => {
    const { code, stderr } = await call([await url(), ...more]);
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim()).not.toContain("\n");
  });

  it("a body from standard input and a reader who leaves early do no harm", async () => {
    const { url } = await aServer((_, response) => {
      const timer = setInterval(() => response.write("x".repeat(100_000)), 1);
      response.on("close", () => clearInterval(timer));
    });
    const bin = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
    const shell = spawn("sh", ["-c", `"${process.execPath}" "${bin}" call "${url}" | head -c 3`], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    shell.stdout.on("data", (bytes) => {
      printed += bytes;
    });
    let complaint = "";
    shell.stderr.on("data", (bytes) => {
      complaint += bytes;
    });
    await once(shell, "close");
    expect({ printed, complaint }).toEqual({ printed: "xxx", complaint: "" });
  });

  it("Ctrl-C ends the call, and it is recorded all the same", async () => {
    const daemon = await aDaemon();
    let asked = (): void => undefined;
    const interruptAfter = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { url } = await aServer(() => asked());
    const { code } = await call([url], { env: { AWS_XRAY_DAEMON_ADDRESS: daemon.address }, interruptAfter });
    expect(code).toBe(130);
    await expect
      .poll(() => daemon.segments)
      .toMatchObject([
        { fault: true, subsegments: [{ cause: { exceptions: [{ message: "Interrupted by Ctrl-C" }] } }] },
      ]);
  });

  it.each([
    [
      ["--hedaer", "x", "http://a/"],
      /^fluoroscope: Unknown option '--hedaer'\. Did you mean "--header"\? See fluoroscope call --help\.\n$/,
    ],
    [[], /^fluoroscope: There is no URL to call\. .*\n$/],
    [["ftp://a/"], /^fluoroscope: "ftp:\/\/a\/" is a ftp URL, which cannot be called\. .*\n$/],
    [["http://a/", "-n", "many"], /^fluoroscope: "many" does not fit -n\. .*\n$/],
    [["http://a/", "-w", "%{nothing}"], /^fluoroscope: -w knows no variable .*\n$/],
    [["http://a/", "-d", "@no-such-file"], /^fluoroscope: The file no-such-file .*\n$/],
    [["http://a/", "-n", "2", "--daemon-address", "nonsense"], /^fluoroscope: .*nonsense.*\n$/],
  ])("%j is a mistake, told in one sentence", async (words, sentence) => {
    const { code, stdout, stderr } = await call(words);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(sentence);
  });
});

describe("drawn", () => {
  it("without a fluoroscope to ask, phases and how to get the map", async () => {
    const { url } = await aServer(answering(200));
    const { code, stdout } = await call([url, "--draw"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^● 200 GET http:\/\/127\.0\.0\.1:\d+\/ +[\d.]+ ms\n {2}trace 1-\S+ {2}6 B text\/plain\n/);
    expect(stdout).toMatch(/\n {2}connect [\d.]+ ms +wait [\d.]+ ms +download [\d.]+ ms\n/);
    expect(stdout).toMatch(/\nMap {4}no fluoroscope at http:\/\/127\.0\.0\.1:9; "fluoroscope up" starts one\.\n/);
    expect(stdout).not.toContain("\u001b");
  });

  it("a refused connection says why", async () => {
    const { code, stdout } = await call([`http://127.0.0.1:${await freePort()}/`, "--draw"]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^✖ GET http/);
    expect(stdout).toMatch(/\nWhy {4}Nothing listens on 127\.0\.0\.1:\d+ \(connection refused\)\./);
  });

  it("the response itself is shown on request", async () => {
    const { url } = await aServer(answering(200));
    expect((await call([url, "--draw"])).stdout).toContain("\n  hello\n");
    expect((await call([url, "-i", "--draw"])).stdout).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nhello\n\n● 200 GET/,
    );
    expect((await call([url, "-I", "--draw"])).stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n\n● 200 HEAD/);
  });

  it("redirects are told hop by hop", async () => {
    const { url } = await aServer((request, response) =>
      request.url === "/from" ? response.writeHead(302, { location: "/to" }).end() : answering(200)(request, response),
    );
    const { stdout } = await call([`${url}/from`, "-L", "--draw"]);
    expect(stdout).toMatch(/^ {2}302 GET http:\S+\/from ▶ \/to +[\d.]+ ms\n● 200 GET http:\S+\/to/);
  });

  it("colours only where they are wanted, ASCII where the locale is", async () => {
    const { url } = await aServer(answering(200));
    expect((await call([url, "--draw", "--color", "always"])).stdout).toContain("\u001b[32m");
    expect((await call([url, "--draw"], { env: { FORCE_COLOR: "1" } })).stdout).toContain("\u001b[32m");
    const ascii = await call([url, "--draw"], { env: { LANG: "C" } });
    expect(ascii.stdout).toMatch(/^o 200 GET/);
    expect(ascii.stdout).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

describe("with fluoroscope", () => {
  let running: RunningUp;
  let env: Record<string, string>;
  beforeAll(async () => {
    running = await startUp();
    env = { AWS_XRAY_DAEMON_ADDRESS: running.udp, AWS_ENDPOINT_URL_XRAY: running.http };
  });
  afterAll(() => running.close());

  /** A traced shop: asks its stock, which is not traced, and answers with a status. */
  async function aShop(status: number): Promise<string> {
    const emit = emitter(running.udp);
    onTestFinished(() => emit.close());
    const { url } = await aServer(async (request, response) => {
      const { root, parent } = parseTraceHeader(String(request.headers["x-amzn-trace-id"]));
      const http = { request: { method: "GET", url: `http://${request.headers.host}${request.url}` } };
      const segment = openSegment({ name: "shop", traceId: root!, parentId: parent!, http });
      const stock = segment.subsegment("stock", {
        namespace: "remote",
        http: { request: { method: "GET", url: "http://stock/items" } },
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
      stock.close({ status });
      segment.close({ status });
      await emit.send(segment.document());
      response.writeHead(status, { "content-type": "text/plain" }).end("done");
    });
    return url;
  }

  it("the call's map, waterfall and link are drawn", async () => {
    const url = await aShop(200);
    const { code, stdout, stderr } = await call([`${url}/orders`, "--draw"], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/\nService map +\(3 services\)\n/);
    expect(stdout).toMatch(/│ call-cli ● ├─+\d+ms▶│ shop ● ├─+\d+ms▶│ stock ● │/);
    expect(stdout).toMatch(
      /\nWaterfall +0 .*ms\n {2}call-cli .*\n {2}└ shop GET \/orders .*\n {4}└ stock GET \/items .*█/,
    );
    expect(stdout).toMatch(/critical path: /);
    const id = /trace (1-\S+)/.exec(stdout)![1]!;
    expect(stdout).toContain(`Open   ${running.http}/trace/${id}\n`);

    const again = await cli(["trace", id.replaceAll("-", "").slice(1)], { env });
    expect(again.code).toBe(0);
    expect(again.stdout).toContain("│ call-cli ● ├");
    expect(again.stdout).toMatch(/\n {2}└ shop GET \/orders/);
  });

  it.each([60, 80, 120, 200])("no line is wider than %i columns", async (columns) => {
    const { stdout } = await call([`${await aShop(500)}/orders/with/a/long/path?and=${"x".repeat(200)}`, "--draw"], {
      env: { ...env, COLUMNS: String(columns) },
    });
    expect(stdout).toContain("Service map");
    for (const line of stdout.split("\n")) {
      if (!line.startsWith("Open")) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  it("a failure is explained by where it began", async () => {
    const { code, stdout } = await call([await aShop(503), "--draw"], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✖ 503 GET/);
    expect(stdout).toContain("Why    stock answered 503 to GET /items");
  });

  it("a refused connection has a map with its fault, and the sentence", async () => {
    const { code, stdout } = await call([`http://127.0.0.1:${await freePort()}/`, "--draw"], { env });
    expect(code).toBe(2);
    expect(stdout).toMatch(/│ call-cli ✖ ├─+<?[\d.]+ms▶│ 127\.0\.0\.1 ✖ │/);
    expect(stdout).toMatch(/\nWhy {4}Nothing listens on 127\.0\.0\.1:\d+ \(connection refused\)/);
  });

  it("a trace that does not come is waited for no longer than told, and is exit code 3", async () => {
    const daemon = await aDaemon();
    const { url } = await aServer(answering(200));
    const { code, stdout } = await call([url, "--draw", "--wait", "1"], {
      env: { ...env, AWS_XRAY_DAEMON_ADDRESS: daemon.address },
    });
    expect(code).toBe(3);
    expect(stdout.replace(/\s+/g, " ")).toContain(
      `the trace did not arrive at ${running.http} within 1 s. Is the daemon at ${daemon.address} the same fluoroscope?`,
    );
  });

  it("a trace that is not whole in time is drawn as far as it goes, and is exit code 3", async () => {
    const emit = emitter(running.udp);
    onTestFinished(() => emit.close());
    const { url } = await aServer(async (request, response) => {
      const { root, parent } = parseTraceHeader(String(request.headers["x-amzn-trace-id"]));
      await emit.send(openSegment({ name: "never-ending", traceId: root!, parentId: parent! }).document());
      response.end("later");
    });
    const { code, stdout } = await call([url, "--draw", "--wait", "1"], { env });
    expect(code).toBe(3);
    expect(stdout).toContain("never-ending");
    expect(stdout).toContain("Not all of this trace has arrived yet.");
  });

  it("--json tells everything", async () => {
    const { code, stdout } = await call([await aShop(500), "--json"], { env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 500,
      body: "done",
      hops: [{ status: 500, phases: [{ name: "connect" }, { name: "wait" }, { name: "download" }] }],
      trace: { isRecorded: true },
      isWhole: true,
      link: expect.stringContaining("/trace/1-"),
      why: ["stock answered 500 to GET /items"],
      services: expect.arrayContaining([expect.objectContaining({ Name: "shop" })]),
      documents: expect.arrayContaining([expect.objectContaining({ name: "call-cli" })]),
    });
  });

  it("many calls have a rate, percentiles, a histogram and a map of their own", async () => {
    const url = await aShop(200);
    const { code, stdout } = await call([url, "-n", "30", "-c", "5", "--draw"], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^● 30 calls in [\d.]+ m?s {2}\d+\/s {2}0 failures\n {2}p50 \d+ ms {2}p95 \d+ ms {2}p99 \d+ ms {2}from \d+ ms to \d+ ms\n {2}\d+ ms [ ▁▂▃▄▅▆▇█]+ \d+ ms\n {2}30 × 200\n/,
    );
    expect(stdout).toMatch(/│ call-cli ● ├─+\d+ms▶│ shop ● +├─+\d+ms▶│ stock ● +│\n.*│ 30× \d+ms +│/);
    const filter = /fluoroscope map '(.+)'/.exec(stdout)![1]!;
    const { stdout: map } = await cli(["map", filter, "--json"], { env });
    expect(
      JSON.parse(map).Services.find((each: { Name: string }) => each.Name === "shop").SummaryStatistics.TotalCount,
    ).toBe(30);
  });

  it("many failing calls are counted by their reason", async () => {
    const { code, stdout } = await call([`http://127.0.0.1:${await freePort()}/`, "-n", "4", "--json"], { env });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      calls: 4,
      failed: 4,
      failures: [{ calls: 4, message: expect.stringContaining("Nothing listens") }],
    });
  });
});
