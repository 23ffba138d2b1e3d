import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { XRayClient } from "@aws-sdk/client-xray";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mapShape } from "./interop/map-shape.ts";
import { awaitDocuments, findSummaries, serviceGraph, xrayClient } from "./interop/read-traces.ts";
import { type RunningUp, run, startUp, stop } from "./interop/running-up.ts";

/** Every example runs as its own comment says, and does what the comment says. */
const example = (path: string): string => fileURLToPath(new URL(`../examples/${path}`, import.meta.url));

let up: RunningUp;
let xray: XRayClient;

beforeAll(async () => {
  up = await startUp();
  xray = xrayClient(up.http);
});

afterAll(async () => {
  xray?.destroy();
  await up?.close();
});

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

it("existing-xray-sdk shows up on the map with nothing changed", async () => {
  const app = spawn(process.execPath, [example("existing-xray-sdk/app.cjs"), "0"], {
    env: { ...process.env, AWS_XRAY_DAEMON_ADDRESS: up.udp },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    for await (const line of createInterface({ input: app.stdout })) {
      await (await fetch(`${line.replace("Listening on ", "")}/hello?please`)).text();
      break;
    }
    await expect.poll(() => findSummaries(xray, "annotation.polite"), { timeout: 15_000 }).toHaveLength(1);
    expect(mapShape(await serviceGraph(xray))).toMatchObject({ "hello-app": { root: true, counts: "ok 1" } });
  } finally {
    await stop(app);
  }
});

it("own-filter says which traces match, and where an expression goes wrong", async () => {
  const filter = (...args: string[]) => run(process.execPath, [example("own-filter/own-filter.mjs"), ...args]);
  expect((await filter()).output).toMatch(/0001 does not match\n.*0002 matches\n$/);
  expect((await filter("responsetime < 1")).output).toMatch(/0001 matches\n.*0002 does not match\n$/);
  expect((await filter("responsetime <")).code).toBe(1);
});
