import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { XRayClient } from "@aws-sdk/client-xray";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type RunningDaemon, testDaemons } from "../e2e/running-daemon.ts";
import { mapShape } from "./map-shape.ts";
import { type PythonEnvironment, preparePython } from "./python-environment.ts";
import { awaitDocuments, serviceGraph, xrayClient } from "./read-traces.ts";
import { type RunningUp, run, startUp, stop } from "./running-up.ts";

/** Programs on AWS's own SDKs, as they come, that send to our daemon, which forwards to a fluoroscope elsewhere. */
const client = (name: string): string => fileURLToPath(new URL(`clients/${name}`, import.meta.url));

const daemons = testDaemons();
let python: PythonEnvironment;
let up: RunningUp;
let xray: XRayClient;
let target: Server;
let targetUrl: string;

beforeAll(async () => {
  python = await preparePython();
  target = createServer((_request, response) => response.end("hello")).listen(0, "127.0.0.1");
  await new Promise((resolve) => target.once("listening", resolve));
  targetUrl = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
}, 240_000);
afterAll(() => target?.close());

describe.each(["the Node SDK", "the Python SDK"])("%s", (sdk) => {
  let daemon: RunningDaemon;
  beforeEach(async ({ skip }) => {
    if (sdk === "the Python SDK" && "reason" in python) skip(python.reason);
    up = await startUp();
    xray = xrayClient(up.http);
    daemon = await daemons.start({ to: [up.http] });
    return async () => {
      xray.destroy();
      await up.close();
    };
  });

  it("reaches a fluoroscope behind the daemon, and the map is what it would be without", async () => {
    const AWS_XRAY_DAEMON_ADDRESS = `127.0.0.1:${daemon.udpPort}`;
    if (sdk === "the Node SDK") {
      const traceId = await callBookshop(AWS_XRAY_DAEMON_ADDRESS);
      await awaitDocuments(xray, traceId, 6);
      expect(mapShape(await serviceGraph(xray))).toMatchObject({
        "call-script": { root: true, counts: "ok 1", calls: { bookshop: "ok 2, throttle 1, fault 1" } },
        bookshop: { counts: "ok 2, throttle 1, fault 1" },
      });
    } else if ("python" in python) {
      const script = await run(python.python, [client("call_api.py"), "-u", targetUrl], { AWS_XRAY_DAEMON_ADDRESS });
      const [traceId = ""] = script.output.trim().split("\n");
      await awaitDocuments(xray, traceId, 2);
      expect(mapShape(await serviceGraph(xray))).toMatchObject({
        "call-api": { root: true, counts: "ok 1", calls: { "127.0.0.1 (remote)": "ok 1" } },
      });
    }
    await vi.waitFor(async () => {
      const figures = await daemon.figures();
      expect(figures).toMatchObject({ refused: 0, sent: figures.received, imbalance: 0 });
    });
  });
});

/** The Express app and the script that calls it four times, with this daemon for segments and for sampling rules alike. */
async function callBookshop(AWS_XRAY_DAEMON_ADDRESS: string): Promise<string> {
  const stock = createServer((_request, response) => response.end("2 books")).listen(0, "127.0.0.1");
  await new Promise((resolve) => stock.once("listening", resolve));
  const STOCK_URL = `http://localhost:${(stock.address() as AddressInfo).port}`;
  const env = { ...process.env, AWS_XRAY_DAEMON_ADDRESS, STOCK_URL, NODE_NO_WARNINGS: "1" };
  const shop = spawn(process.execPath, [client("express-app.cjs")], { env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    for await (const port of createInterface({ input: shop.stdout })) {
      const words = [client("call-script.cjs"), `http://127.0.0.1:${port}`];
      return (await run(process.execPath, words, { AWS_XRAY_DAEMON_ADDRESS })).output.trim();
    }
    throw new Error("The bookshop ended before it was open");
  } finally {
    await stop(shop);
    stock.close();
  }
}
