import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type InstalledSdk, installSdk } from "../fixtures/installed-sdk.ts";
import { startUdpReceiver, type UdpReceiver } from "../fixtures/udp-receiver.ts";
import { type RunningApp, startApp } from "./running-app.ts";

/** Where `npm install --prefix .node24 --no-save --no-package-lock bun deno` puts them, beside the current LTS. */
const runtimes = fileURLToPath(new URL("../../.node24/node_modules/", import.meta.url));
const platform = `${process.platform}-${process.arch === "arm64" ? "aarch64" : "x64"}`;
const programs = {
  // Its install script moves the program.
  bun: [`@oven/bun-${platform}/bin/bun`, "bun/bin/bun.exe"],
  deno: [`@deno/${process.platform}-${process.arch}-glibc/deno`],
};

/** The program of a runtime; undefined where it is not installed. */
function programOf(name: keyof typeof programs): string | undefined {
  return programs[name].map((path) => runtimes + path).find((path) => existsSync(path));
}

const register = "./node_modules/fluoroscope-sdk/dist/register.js";
const preload = {
  bun: ["--preload", register],
  deno: ["run", "-A", "--node-modules-dir=manual", "--preload", register],
};
const plain = { bun: [], deno: ["run", "-A", "--node-modules-dir=manual"] };

/** A server that calls itself, in both ways. */
const shop = `
  import { createServer, get } from "node:http";
  import { trace } from "@opentelemetry/api";
  const server = createServer(async (request, response) => {
    if (request.url === "/stock") {
      return trace.getTracer("stock").startActiveSpan("count", { attributes: { shelf: 3 } }, (span) => {
        span.end();
        response.end("many");
      });
    }
    const stock = "http://127.0.0.1:" + server.address().port + "/stock";
    await (await fetch(stock)).text();
    await new Promise((resolve) => get(stock, (answer) => answer.resume().on("end", resolve)));
    response.end("tea");
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

let sdk: InstalledSdk;
let daemon: UdpReceiver;
const apps: RunningApp[] = [];

beforeAll(async () => {
  sdk = installSdk();
  sdk.write("shop.mjs", shop);
  sdk.write(
    "shop-with-init.mjs",
    'import { init } from "fluoroscope-sdk"; init({ name: "shop" }); await import("./shop.mjs");',
  );
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

it.for([
  ["bun", "register", preload.bun, "shop.mjs"],
  ["bun", "init", plain.bun, "shop-with-init.mjs"],
  ["deno", "register", preload.deno, "shop.mjs"],
  ["deno", "init", plain.deno, "shop-with-init.mjs"],
] as const)("%s: requests, fetch and node:http are one trace, with %s", async ([name, , words, file], context) => {
  const node = programOf(name);
  if (node === undefined) return context.skip(`${name} is not installed in .node24`);
  const env = { AWS_XRAY_DAEMON_ADDRESS: daemon.address, AWS_XRAY_TRACING_NAME: "shop" };
  const app = await startApp([...words, file], { cwd: sdk.folder, node, env });
  apps.push(app);
  await (await fetch(`${app.url}/tea`, { headers: { "x-amzn-trace-id": "Sampled=1" } })).text();
  const documents = await daemon.await(3);
  const root = documents.find(({ parent_id }) => parent_id === undefined)!;
  expect(root).toMatchObject({
    name: "shop",
    http: { request: { url: `${app.url}/tea` }, response: { status: 200 } },
    service: { runtime: name },
    subsegments: [{ namespace: "remote" }, { namespace: "remote" }],
  });
  const calls = root.subsegments!.map(({ id }) => id);
  const served = documents.filter((document) => document !== root);
  expect(served.map(({ parent_id }) => parent_id).toSorted()).toEqual(calls.toSorted());
  for (const { trace_id, subsegments } of served) {
    expect(trace_id).toBe(root.trace_id);
    expect(subsegments).toMatchObject([{ name: "count", annotations: { shelf: 3 } }]);
  }
});
