import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { GetSamplingRulesCommand, type XRayClient } from "@aws-sdk/client-xray";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { mapShape } from "./map-shape.ts";
import { type AnsweredDocument, awaitDocuments, findSummaries, serviceGraph, xrayClient } from "./read-traces.ts";
import { type RecordingProxy, startRecordingProxy } from "./recording-proxy.ts";
import { type RunningUp, run, startUp, stop } from "./running-up.ts";

/** The X-Ray SDK for Node as it comes from npm: an Express app that it traces, called by a script that it traces. */
const client = (name: string): string => fileURLToPath(new URL(`clients/${name}`, import.meta.url));

let up: RunningUp;
let proxy: RecordingProxy;
let xray: XRayClient;
let stock: Server;
let bookshop: ChildProcess;
let bookshopUrl: string;
let traceId: string;
let documents: readonly AnsweredDocument[];

beforeAll(async () => {
  up = await startUp();
  proxy = await startRecordingProxy(up.http);
  xray = xrayClient(up.http);
  stock = createServer((_request, response) => response.end("2 books")).listen(0, "127.0.0.1");
  await new Promise((resolve) => stock.once("listening", resolve));
  const AWS_XRAY_DAEMON_ADDRESS = `udp:${up.udp} tcp:${proxy.address}`;
  bookshop = spawn(process.execPath, [client("express-app.cjs")], {
    env: {
      ...process.env,
      AWS_XRAY_DAEMON_ADDRESS,
      // The SDK reads members of requests that Node has deprecated.
      NODE_NO_WARNINGS: "1",
      STOCK_URL: `http://localhost:${(stock.address() as AddressInfo).port}`,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const port of createInterface({ input: bookshop.stdout! })) {
    bookshopUrl = `http://127.0.0.1:${port}`;
    break;
  }
  const script = await run(process.execPath, [client("call-script.cjs"), bookshopUrl], { AWS_XRAY_DAEMON_ADDRESS });
  traceId = script.output.trim();
  documents = await awaitDocuments(xray, traceId, 6);
});

afterAll(async () => {
  xray?.destroy();
  if (bookshop) await stop(bookshop);
  stock?.close();
  await proxy?.close();
  await up?.close();
});

it("the map shows the script, the Express app and the service that sends nothing, with exact counts", async () => {
  expect(mapShape(await serviceGraph(xray))).toEqual({
    "call-script (client)": { calls: { "call-script": "ok 1" } },
    "call-script": { root: true, counts: "ok 1", calls: { bookshop: "ok 2, throttle 1, fault 1" } },
    bookshop: { counts: "ok 2, throttle 1, fault 1", calls: { "localhost (remote)": "ok 1" } },
    "localhost (remote)": { counts: "ok 1" },
  });
});

it("the edge to the app says by which name the script called it", async () => {
  const services = await serviceGraph(xray);
  const caller = services.find(({ Name, Type }) => Name === "call-script" && Type !== "client");
  expect(caller?.Edges?.[0]?.Aliases).toMatchObject([{ Name: "127.0.0.1", Names: ["127.0.0.1"] }]);
});

it("every request of the app hangs below the call that caused it, with its status", () => {
  expect(documents).toHaveLength(6);
  const script = documents.find(({ name }) => name === "call-script");
  const calls = new Map(script?.subsegments?.map((call) => [call.id, call]));
  const pages = documents.filter(({ name }) => name === "bookshop");
  expect(pages.map(({ http }) => http?.response?.status).sort()).toEqual([200, 200, 429, 500]);
  for (const page of pages) {
    expect(calls.get(page.parent_id!)?.http?.response?.status).toBe(page.http?.response?.status);
  }
  expect(documents.filter(({ inferred }) => inferred).map(({ name }) => name)).toEqual(["localhost"]);
});

it("the exception that the app threw is there with its type, message and stack", () => {
  const failed = documents.find(({ name, fault }) => name === "bookshop" && fault);
  expect(failed?.cause).toMatchObject({ exceptions: [{ type: "TypeError", message: "no such shelf" }] });
  expect(JSON.stringify(failed?.cause)).toContain("express-app.cjs");
});

it.each([
  ["annotation.books = 2", 1],
  ['annotation.shelf = "poetry" AND user = "reader-7"', 1],
  ['service("bookshop") { fault } AND service("bookshop") { throttle }', 1],
  ['edge("bookshop", "localhost") { ok = true }', 1],
  ['service("call-script") { fault }', 0],
])("the filter %s finds %i traces", async (filter, count) => {
  expect(await findSummaries(xray, filter)).toHaveLength(count);
});

it("the summary speaks for the whole trace", async () => {
  const [summary] = await findSummaries(xray, "annotation.books = 2");
  expect(summary).toMatchObject({
    Id: traceId,
    HasFault: false,
    HasError: false,
    HasThrottle: true,
    IsPartial: false,
    EntryPoint: { Name: "call-script" },
    Users: [{ UserName: "reader-7" }],
  });
});

it("the app's sampler gets its rules and, ten seconds on, its targets", async () => {
  // Without a header it is the app that decides, and a decision is what starts its sampler.
  const asked = (path: string): boolean => proxy.exchanges.some((exchange) => exchange.path === path);
  await vi.waitFor(
    async () => {
      await (await fetch(`${bookshopUrl}/ok`)).text();
      expect(asked("/SamplingTargets")).toBe(true);
    },
    { timeout: 40_000, interval: 500 },
  );
  expect(proxy.exchanges.filter(({ status }) => status !== 200)).toEqual([]);
  const rules = proxy.exchanges.find(({ path }) => path === "/GetSamplingRules");
  const targets = proxy.exchanges.find(({ path }) => path === "/SamplingTargets");
  expect(JSON.parse(rules!.response)).toMatchObject({
    SamplingRuleRecords: [{ SamplingRule: { RuleName: "Default", Priority: 10_000, Version: 1 } }],
  });
  expect(JSON.parse(targets!.request)).toMatchObject({ SamplingStatisticsDocuments: [{ RuleName: "Default" }] });
  expect(JSON.parse(targets!.response)).toMatchObject({
    SamplingTargetDocuments: [{ RuleName: "Default" }],
    UnprocessedStatistics: [],
  });
  const { SamplingRuleRecords } = await xray.send(new GetSamplingRulesCommand({}));
  expect(SamplingRuleRecords?.map(({ SamplingRule }) => SamplingRule?.RuleName)).toEqual(["Default"]);
});
