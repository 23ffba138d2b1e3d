import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type InstalledSdk, installSdk } from "../fixtures/installed-sdk.ts";
import { startUdpReceiver, type UdpReceiver } from "../fixtures/udp-receiver.ts";
import { mapShape } from "../interop/map-shape.ts";
import { findSummaries, serviceGraph, xrayClient } from "../interop/read-traces.ts";
import { startUp } from "../interop/running-up.ts";
import { type RunningApp, runApp, startApp } from "./running-app.ts";

/** Applications that know nothing of tracing, started with `node --import fluoroscope-sdk/register`. */
const app = (name: string): string => fileURLToPath(new URL(`sdk-apps/${name}`, import.meta.url));
const register = ["--import", "fluoroscope-sdk/register"];

let sdk: InstalledSdk;
let daemon: UdpReceiver;
const apps: RunningApp[] = [];

beforeAll(async () => {
  sdk = installSdk();
  daemon = await startUdpReceiver();
});

afterEach(async () => {
  for (const running of apps.splice(0)) await running.end("SIGKILL");
  daemon.clear();
});

afterAll(() => {
  daemon?.close();
  sdk?.remove();
});

/** Starts one under its own name; every request of it is recorded, as the caller says so. */
async function start(name: string, env: Record<string, string> = {}, node?: string): Promise<RunningApp> {
  const AWS_XRAY_TRACING_NAME = name.replace(/\..*/, "");
  const running = await startApp([...register, app(name)], {
    cwd: sdk.folder,
    env: { AWS_XRAY_DAEMON_ADDRESS: daemon.address, AWS_XRAY_TRACING_NAME, ...env },
    ...(node && { node }),
  });
  apps.push(running);
  return running;
}

const runHere = (args: readonly string[], address: string, name?: string) =>
  runApp(args, {
    cwd: sdk.folder,
    env: { AWS_XRAY_DAEMON_ADDRESS: address, ...(name && { AWS_XRAY_TRACING_NAME: name }) },
  });

const sampled = { "x-amzn-trace-id": "Sampled=1" };
const ask = async (url: string): Promise<number> => {
  const response = await fetch(url, { headers: sampled });
  await response.text();
  return response.status;
};

async function startBoth(env: Record<string, string> = {}, node?: string): Promise<RunningApp> {
  const stock = await start("stock.cjs", env, node);
  return await start("shop.mjs", { ...env, STOCK_URL: stock.url }, node);
}

it("the package is kilobytes, in few files, and needs nothing but OpenTelemetry's API", () => {
  expect(statSync(sdk.tarball).size).toBeLessThan(200_000);
  const folder = join(sdk.folder, "node_modules/fluoroscope-sdk");
  expect(readdirSync(join(folder, "dist")).toSorted()).toEqual([
    "THIRD-PARTY.txt",
    "compat",
    "index.js",
    "register.js",
  ]);
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  expect(dependencies).toBeUndefined();
  expect(Object.keys(peerDependencies)).toEqual(["@opentelemetry/api"]);
});

it("its types are whole", () => {
  const program = sdk.write(
    "typed.ts",
    `import { init, XRayIdGenerator, XRayPropagator, XRaySampler, XRaySpanProcessor } from "fluoroscope-sdk";
     import "fluoroscope-sdk/register";
     const tracing = init({ name: "shop", sampling: "local", captureQuery: true });
     tracing.flush();
     export const parts = [new XRaySpanProcessor(), new XRaySampler(), new XRayPropagator(), new XRayIdGenerator()];`,
  );
  const tsc = fileURLToPath(new URL("../../node_modules/.bin/tsc", import.meta.url));
  const words = ["--noEmit", "--strict", "--module", "nodenext", "--skipLibCheck", "false", program];
  const { status, stdout } = spawnSync(tsc, words, { cwd: sdk.folder, encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
});

it("two services in ESM and CommonJS are one trace, through fetch and node:http, on the map of `up`", async () => {
  const up = await startUp();
  const xray = xrayClient(up.http);
  try {
    const AWS_XRAY_DAEMON_ADDRESS = `udp:${up.udp} tcp:${new URL(up.http).host}`;
    const shop = await startBoth({ AWS_XRAY_DAEMON_ADDRESS });
    expect(await ask(`${shop.url}/tea/green?pot=2`)).toBe(200);
    await expect
      .poll(async () => mapShape(await serviceGraph(xray)), { timeout: 15_000 })
      .toEqual({
        "shop (client)": { calls: { shop: "ok 1" } },
        shop: { root: true, counts: "ok 1", calls: { stock: "ok 2" } },
        stock: { counts: "ok 2" },
      });
    expect(await findSummaries(xray, "annotation.shelf = 3")).toHaveLength(1);
  } finally {
    xray.destroy();
    await up.close();
  }
});

it("one document tells of a request and its calls, without query strings, with the route that answered", async () => {
  const shop = await startBoth();
  await ask(`${shop.url}/tea/green?pot=2`);
  const segment = await daemon.find(({ name }) => name === "shop");
  expect(segment).toMatchObject({
    http: {
      request: { method: "GET", url: `${shop.url}/tea/green`, client_ip: "127.0.0.1" },
      response: { status: 200 },
    },
    metadata: { default: { "http.route": "/tea/:kind" }, otel: { name: "GET /tea/:kind" } },
    service: { runtime: "node", runtime_version: process.version },
    subsegments: [
      { name: "127.0.0.1", namespace: "remote", http: { response: { status: 200 } } },
      { name: "127.0.0.1", namespace: "remote", http: { response: { status: 200 } } },
    ],
  });
  expect(JSON.stringify(daemon.documents)).not.toMatch(/secret|pot=2/);
  const calls = new Set(segment.subsegments!.map(({ id }) => id));
  const stock = (await daemon.await(3)).filter(({ name }) => name === "stock");
  expect(stock).toHaveLength(2);
  for (const document of stock) {
    expect(document.trace_id).toBe(segment.trace_id);
    expect(calls).toContain(document.parent_id);
    expect(document.subsegments).toMatchObject([{ name: "count", annotations: { shelf: 3 } }]);
  }
});

it("what fails is told on both sides, with the stack and its cause", async () => {
  const shop = await startBoth();
  expect(await ask(`${shop.url}/missing`)).toBe(404);
  const stock = await daemon.find(({ name }) => name === "stock");
  expect(stock).toMatchObject({ error: true, http: { response: { status: 404 } } });
  const count = stock.subsegments![0]!;
  expect(count).toMatchObject({ name: "count", fault: true });
  if (typeof count.cause !== "object") throw new Error("The subsegment has no cause of its own");
  const [thrown, cause] = count.cause.exceptions;
  expect(thrown).toMatchObject({ type: "Error", message: "nothing left", cause: cause!.id });
  expect(thrown!.stack![0]).toMatchObject({ path: app("stock.cjs"), label: "count" });
  expect(cause).toMatchObject({ type: "RangeError", message: "shelf 3 is empty" });
  const segment = await daemon.find(({ name }) => name === "shop");
  expect(segment).toMatchObject({ error: true, subsegments: [{ error: true, http: { response: { status: 404 } } }] });

  expect(await ask(`${shop.url}/broken`)).toBe(500);
  await daemon.find(({ name, fault }) => name === "shop" && fault === true);
});

it.each(["SIGTERM", "SIGINT"] as const)(
  "%s ends the application as ever, and tells of what it was doing",
  async (signal) => {
    const shop = await startBoth();
    const answer = fetch(`${shop.url}/slow`, { headers: sampled }).catch(() => undefined);
    // The request is under way when another one, sent later, has been answered.
    await ask(`${shop.url}/broken`);
    expect(await shop.end(signal)).toEqual({ code: null, signal });
    await answer;
    await daemon.find(
      (document) => document.in_progress === true && document.http?.request?.url === `${shop.url}/slow`,
    );
  },
);

it("a script's calls hang from a segment of the script, which ends when it is done", async () => {
  const stock = await start("stock.cjs");
  const script = sdk.write("script.mjs", `await fetch("${stock.url}/green").then((answer) => answer.text());`);
  expect((await runHere([...register, script], daemon.address, "script")).code).toBe(0);
  const segment = await daemon.find(({ name }) => name === "script");
  expect(segment.subsegments).toMatchObject([{ name: "127.0.0.1", namespace: "remote" }]);
});

it("process.exit in the middle of a request loses nothing that was known", async () => {
  const program = sdk.write(
    "exits.cjs",
    `const { trace } = require("@opentelemetry/api");
     trace.getTracer("t").startActiveSpan("long", (span) => {
       span.setAttribute("step", 2);
       setTimeout(() => process.exit(3), 50);
     });`,
  );
  expect((await runHere([...register, program], daemon.address, "exits")).code).toBe(3);
  const segment = await daemon.find(({ name }) => name === "exits");
  expect(segment).toMatchObject({ in_progress: true, annotations: { step: 2 } });
});

it("init in code traces what was imported before it, and says so once", async () => {
  const program = sdk.write(
    "in-code.mjs",
    `import { trace } from "@opentelemetry/api";
     import { init } from "fluoroscope-sdk";
     const tracer = trace.getTracer("early");
     const tracing = init({ name: "in-code", sampling: "always" });
     if (init({ name: "other" }) !== tracing) process.exitCode = 1;
     tracer.startActiveSpan("work", (span) => span.setAttribute("tea", "green").end());
     console.log(tracing.serviceName);`,
  );
  expect(await runHere([program], daemon.address)).toMatchObject({ code: 0, output: "in-code\n" });
  expect(await daemon.find(({ name }) => name === "in-code")).toMatchObject({ annotations: { tea: "green" } });
});

it.each([
  ["nobody listens", "127.0.0.1:9"],
  ["there is no such host", "no-such-host.invalid:2000"],
])("where %s, the application runs and ends as without tracing", async (_, address) => {
  const shop = await startBoth({ AWS_XRAY_DAEMON_ADDRESS: address });
  for (let number = 0; number < 200; number += 1) expect(await ask(`${shop.url}/tea/green`)).toBe(200);
  const script = sdk.write("ends.mjs", `await fetch("${shop.url}/tea/black").then((answer) => answer.text());`);
  expect((await runHere([...register, script], address)).code).toBe(0);
});

it("an address that is none leaves the application untraced, with a warning", async () => {
  const script = sdk.write("warned.mjs", `console.log("runs");`);
  const { code, output, complaints } = await runHere([...register, script], "nonsense");
  expect({ code, output }).toEqual({ code: 0, output: "runs\n" });
  expect(complaints).toContain('The daemon address "nonsense" has no port');
});

it("all of it works on the current LTS too", async (context) => {
  const node = currentLts();
  if (node === undefined) return context.skip("Node 24 is not installed; .ci/run installs it in .node24");
  const shop = await startBoth({}, node);
  await ask(`${shop.url}/tea/green`);
  const segment = await daemon.find(({ name }) => name === "shop");
  expect(segment.subsegments).toHaveLength(2);
  const stock = (await daemon.await(3)).find(({ name }) => name === "stock");
  expect(stock).toMatchObject({ trace_id: segment.trace_id, subsegments: [{ annotations: { shelf: 3 } }] });
  daemon.clear();
  await callOverHttp2(node);
});

it("a call over HTTP/2 is one trace with the request that it is on the other side", () => callOverHttp2());

/** A program that calls itself, whichever way it imports what it needs. */
async function callOverHttp2(node?: string): Promise<void> {
  const script = sdk.write(
    "http2.mjs",
    `import { connect, createServer } from "node:http2";
     const server = createServer((_request, response) => response.writeHead(503).end()).listen(0, "127.0.0.1");
     await new Promise((resolve) => server.once("listening", resolve));
     const session = connect("http://127.0.0.1:" + server.address().port);
     const stream = session.request({ ":path": "/tea?token=secret" });
     stream.resume().on("close", () => { session.close(); server.close(); });
     stream.end();`,
  );
  const env = { AWS_XRAY_DAEMON_ADDRESS: daemon.address, AWS_XRAY_TRACING_NAME: "h2" };
  expect((await runApp([...register, script], { cwd: sdk.folder, env, ...(node && { node }) })).code).toBe(0);
  const documents = await daemon.await(2);
  const caller = documents.find(({ parent_id }) => parent_id === undefined)!;
  const call = caller.subsegments![0]!;
  expect(call).toMatchObject({ name: "127.0.0.1", fault: true, http: { response: { status: 503 } } });
  expect(String(call.http!.request!.url)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/tea$/);
  const served = documents.find(({ parent_id }) => parent_id === call.id);
  expect(served).toMatchObject({ name: "h2", fault: true, trace_id: caller.trace_id });
}

function currentLts(): string | undefined {
  const folder = fileURLToPath(new URL("../../.node24/node_modules/", import.meta.url));
  return ["x64", "arm64"].map((cpu) => `${folder}node-linux-${cpu}/bin/node`).find((path) => existsSync(path));
}
