import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { XRayClient } from "@aws-sdk/client-xray";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type InstalledSdk, installSdk } from "./fixtures/installed-sdk.ts";
import { type RunningExample, startExample } from "./fixtures/running-example.ts";
import { mapShape, type NodeShape } from "./interop/map-shape.ts";
import { preparePython } from "./interop/python-environment.ts";
import {
  type AnsweredDocument,
  awaitDocuments,
  findSummaries,
  serviceGraph,
  xrayClient,
} from "./interop/read-traces.ts";
import { type RunningUp, run, startUp } from "./interop/running-up.ts";

/** Every example runs as its README says, against a fluoroscope of its own, and does what the README says. */
const folder = fileURLToPath(new URL("../examples/", import.meta.url));
const example = (path: string): string => folder + path;
/** Programs take their time to start where the machine is busy. */
const patienceMs = 120_000;
const pollMs = 30_000;

let up: RunningUp;
let xray: XRayClient;
let sdk: InstalledSdk;
const running: RunningExample[] = [];

beforeAll(async () => {
  sdk = installSdk();
  up = await startUp();
  xray = xrayClient(up.http);
}, patienceMs);

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.end()));
});

afterAll(async () => {
  xray?.destroy();
  await up?.close();
  sdk?.remove();
});

const register = ["--import", "fluoroscope-sdk/register"];
const environment = (name: string): Record<string, string> => ({
  AWS_XRAY_DAEMON_ADDRESS: up.udp,
  AWS_XRAY_TRACING_NAME: name,
  ...{ AWS_REGION: "eu-central-1", AWS_ACCESS_KEY_ID: "any", AWS_SECRET_ACCESS_KEY: "any" },
  NODE_NO_WARNINGS: "1",
});

/** Starts a program of an example, without tracing. Answers its address. */
async function start(path: string, ...args: string[]): Promise<string> {
  const one = await startExample([example(path), ...args], { cwd: folder });
  running.push(one);
  return one.address;
}

/** Starts one that is traced: where the SDK is installed, as `--import` wants it. */
async function startTraced(name: string, path: string, ...args: string[]): Promise<string> {
  const words = [...register, example(path), ...args];
  const one = await startExample(words, { cwd: sdk.folder, env: environment(name) });
  running.push(one);
  return one.address;
}

/** Asks for a page, as somebody who wants it recorded. Answers the status. */
async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const response = await fetch(url, { headers: { "x-amzn-trace-id": "Sampled=1", ...headers } });
  await response.text();
  return response.status;
}

/** The map's nodes that are named, once they are as expected. */
async function awaitMap(expected: Readonly<Record<string, NodeShape>>): Promise<void> {
  await expect.poll(async () => mapShape(await serviceGraph(xray)), { timeout: pollMs }).toMatchObject(expected);
}

/** The documents of the one trace that matches. */
async function documentsOf(filter: string, count: number): Promise<AnsweredDocument[]> {
  await expect.poll(() => findSummaries(xray, filter), { timeout: pollMs }).toHaveLength(1);
  const [found] = await findSummaries(xray, filter);
  return awaitDocuments(xray, found!.Id!, count);
}

it("call-a-url calls a URL and leaves a trace", async () => {
  const script = example("call-a-url/call-a-url.mjs");
  const { code, output } = await run(process.execPath, [script, `${up.http}/healthz`], {
    AWS_XRAY_DAEMON_ADDRESS: up.udp,
  });
  expect(code).toBe(0);
  expect(output).toMatch(/^200 after \d+ ms\ntrace 1-[0-9a-f]{8}-[0-9a-f]{24}\n$/);
  const documents = await awaitDocuments(xray, output.trim().split(" ").at(-1)!, 2);
  expect(documents.map(({ name }) => name)).toEqual(["call-a-url", "127.0.0.1"]);
});

it(
  "express-app tells what was fine, what was wrong and what broke, and who asked",
  async () => {
    const url = await startTraced("express-app", "express-app/app.mjs", "0");
    expect(await ask(`${url}/teas/green`, { "x-user": "ann" })).toBe(200);
    expect(await ask(`${url}/teas/mud`)).toBe(404);
    expect(await ask(`${url}/spill`)).toBe(500);
    await awaitMap({ "express-app": { root: true, counts: "ok 1, error 1, fault 1" } });
    const [answered] = await documentsOf('service("express-app") AND annotation.tea = "green"', 1);
    expect(answered).toMatchObject({ user: "ann", metadata: { default: { "http.route": "/teas/:tea" } } });
    const [spilt] = await documentsOf('service("express-app") { fault }', 1);
    expect(spilt).toMatchObject({ cause: { exceptions: [{ message: "The cup is full." }] } });
    expect(JSON.stringify(spilt!.cause)).toContain("express-app/app.mjs");
  },
  patienceMs,
);

it(
  "fastify-app tells of the handler that threw",
  async () => {
    const url = await startTraced("fastify-app", "fastify-app/app.mjs", "0");
    expect(await ask(`${url}/teas/green`)).toBe(200);
    expect(await ask(`${url}/spill`)).toBe(500);
    await awaitMap({ "fastify-app": { root: true, counts: "ok 1, fault 1" } });
    const [answered] = await documentsOf('service("fastify-app") AND annotation.tea = "green"', 1);
    expect(answered).toMatchObject({ metadata: { default: { "http.route": "/teas/:tea" } } });
    const [spilt] = await documentsOf('service("fastify-app") { fault }', 1);
    const handler = spilt!.subsegments![0]!.subsegments![0]!;
    expect(handler).toMatchObject({ fault: true, cause: { exceptions: [{ message: "The cup is full." }] } });
  },
  patienceMs,
);

it(
  "fetch-and-sql has the service that it calls and its database on the map",
  async () => {
    const database = await start("fetch-and-sql/postgres.mjs", "0");
    const rates = await startTraced("rates", "fetch-and-sql/rates.mjs", "0");
    const url = await startTraced("fetch-and-sql", "fetch-and-sql/app.mjs", "0", database, rates);
    expect(await ask(`${url}/green/yen`)).toBe(200);
    expect(await ask(`${url}/mud/yen`)).toBe(500);
    await awaitMap({
      "fetch-and-sql": { root: true, counts: "ok 1, fault 1", calls: { rates: "ok 2" } },
      rates: { counts: "ok 2" },
      "shop@127.0.0.1 (Database::SQL)": {},
    });
    const documents = await documentsOf('service("fetch-and-sql") { ok }', 4);
    const [segment] = documents.filter(({ name }) => name === "fetch-and-sql");
    const names = segment!.subsegments!.map(({ name }) => name);
    // The connection, the query, the call.
    expect(names).toEqual(["shop@127.0.0.1", "shop@127.0.0.1", "127.0.0.1"]);
    expect(JSON.stringify(documents)).not.toContain("select");
  },
  patienceMs,
);

it(
  "aws-sdk has the table on the map, and the operation in the document",
  async () => {
    const dynamodb = await start("aws-sdk/dynamodb.mjs", "0");
    const url = await startTraced("aws-sdk", "aws-sdk/app.mjs", "0", dynamodb);
    expect(await ask(`${url}/green`)).toBe(200);
    expect(await ask(`${url}/oolong`)).toBe(503);
    await awaitMap({ "aws-sdk": { counts: "ok 1, fault 1" }, "teas (AWS::DynamoDB::Table)": {} });
    const [segment] = await documentsOf('service("aws-sdk") { ok }', 2);
    const aws = { operation: "GetItem", table_name: "teas", region: "eu-central-1", request_id: "EXAMPLEREQUEST" };
    expect(segment!.subsegments).toMatchObject([{ name: "DynamoDB", namespace: "aws", aws }]);
  },
  patienceMs,
);

it(
  "queue has producer and consumer in one trace, and links where messages are received",
  async () => {
    const queue = await start("queue/queue.mjs", "0");
    await startTraced("consumer", "queue/consumer.mjs", queue);
    const url = await startTraced("producer", "queue/producer.mjs", "0", queue);
    expect(await ask(`${url}/green`)).toBe(202);
    await awaitMap({ producer: { root: true, counts: "ok 1", calls: { consumer: "ok 1" } } });
    const documents = await documentsOf('service("producer")', 2);
    const sent = documents.find(({ name }) => name === "producer")!.subsegments![0]!;
    expect(documents.find(({ name }) => name === "consumer")).toMatchObject({ parent_id: sent.id });
    const traceId = (await findSummaries(xray, 'service("producer")'))[0]!.Id!;
    const received = await documentsOf('service("consumer") AND NOT service("producer")', 1);
    expect(received[0]).toMatchObject({ name: "consumer", links: [{ trace_id: traceId, id: sent.id }] });
  },
  patienceMs,
);

it(
  "lambda hangs what the handler does below Lambda's own segment",
  async () => {
    const page = `${up.http}/healthz`;
    const program = [...register, example("lambda/invoke.mjs"), "green", page];
    const env = { ...environment(""), LAMBDA_TASK_ROOT: ".", AWS_LAMBDA_FUNCTION_NAME: "brew" };
    const { code, output } = await run(process.execPath, program, env, sdk.folder);
    expect(code).toBe(0);
    expect(output).toContain('{"tea":"green","status":200}');
    await awaitMap({
      "brew (AWS::Lambda)": { root: true, calls: { "brew (AWS::Lambda::Function)": "ok 1" } },
      "brew (AWS::Lambda::Function)": { counts: "ok 1", calls: { "127.0.0.1 (remote)": "ok 1" } },
    });
    const documents = await awaitDocuments(xray, output.trim().split(" ").at(-1)!, 3);
    const execution = documents.find(({ parent_id }) => parent_id !== undefined);
    const brew = { name: "brew", annotations: { tea: "green" }, subsegments: [{ name: "127.0.0.1" }] };
    expect(execution).toMatchObject({ origin: "AWS::Lambda::Function", subsegments: [brew] });
  },
  patienceMs,
);

it("otlp-app has its database and the service that failed on the map", async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: up.otlpHttp };
  const { code, output } = await run(process.execPath, [example("otlp-app/app.mjs")], env);
  expect(code).toBe(0);
  const calls = { "payments.example (remote)": "fault 1", "shop@db.example (Database::SQL)": "ok 1" };
  await awaitMap({ "otlp-app": { root: true, counts: "ok 1", calls } });
  const id = output.trim().split(" ").at(-1)!;
  const documents = await awaitDocuments(xray, `1-${id.slice(0, 8)}-${id.slice(8)}`, 3);
  expect(documents.find(({ name }) => name === "otlp-app")).toMatchObject({ annotations: { tea: "green" } });
});

it(
  "existing-xray-sdk shows up on the map with nothing changed, in Node.js",
  async () => {
    const args = [example("existing-xray-sdk/app.cjs"), "0"];
    const app = await startExample(args, { cwd: folder, env: { AWS_XRAY_DAEMON_ADDRESS: up.udp } });
    running.push(app);
    expect(await ask(`${app.address}/hello?please`)).toBe(200);
    await awaitMap({ "hello-app": { root: true, counts: "ok 1" } });
    await documentsOf('service("hello-app") AND annotation.polite', 1);
  },
  patienceMs,
);

it(
  "existing-xray-sdk shows up on the map with nothing changed, in Python",
  async (context) => {
    const python = await preparePython();
    if ("reason" in python) return context.skip(python.reason);
    const args = [example("existing-xray-sdk/app.py"), `${up.http}/healthz`];
    const { code, output } = await run(python.python, args, { AWS_XRAY_DAEMON_ADDRESS: up.udp });
    expect(code).toBe(0);
    expect(output).toMatch(/^200\ntrace 1-/);
    await awaitMap({ "hello-job": { root: true, counts: "ok 1", calls: { "127.0.0.1 (remote)": "ok 1" } } });
    await documentsOf('service("hello-job") AND annotation.polite', 2);
  },
  patienceMs,
);

it("own-filter says which traces match, and where an expression goes wrong", async () => {
  const filter = (...args: string[]) => run(process.execPath, [example("own-filter/own-filter.mjs"), ...args]);
  expect((await filter()).output).toMatch(/0001 does not match\n.*0002 matches\n$/);
  expect((await filter("responsetime < 1")).output).toMatch(/0001 matches\n.*0002 does not match\n$/);
  expect((await filter("responsetime <")).code).toBe(1);
});

it("each example has a README, and is in the list of them", () => {
  const names = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory());
  const list = readFileSync(example("README.md"), "utf8");
  expect(names.length).toBeGreaterThan(5);
  for (const { name } of names) {
    expect(existsSync(example(`${name}/README.md`)), name).toBe(true);
    expect(list).toContain(`[${name}](${name})`);
  }
});
