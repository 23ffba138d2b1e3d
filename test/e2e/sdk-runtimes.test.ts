import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, type TestContext } from "vitest";
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

/** The program of a runtime. Where it is not installed the test is skipped, and says so; in CI it fails. */
function programOf(name: keyof typeof programs, context: TestContext): string {
  const found = programs[name].map((path) => runtimes + path).find((path) => existsSync(path));
  if (found !== undefined) return found;
  const reason = `${name} is not installed in .node24: see .ci/run`;
  if (process.env.CI) throw new Error(reason);
  return context.skip(reason);
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

/** The same with the runtimes' own servers, and what those can do beside answering. */
const answering = `
  const { context, trace } = await import("@opentelemetry/api");
  const says = (text) => new Response(text, { headers: { "x-runs": "yes" } });
  export const count = () => trace.getTracer("stock").startActiveSpan("count", { attributes: { shelf: 3 } }, (span) => span.end());
  export const pages = {
    "/tea": async (url) => says(await (await fetch(url + "/stock")).text()),
    "/stock": () => (count(), says("many")),
    "/broken": () => {
      throw new RangeError("the pot is broken");
    },
    "/chat": (url) =>
      new Promise((resolve) => {
        const socket = new WebSocket(url.replace("http", "ws") + "/socket");
        socket.onopen = () => socket.send("tea?");
        socket.onmessage = ({ data }) => (socket.close(), resolve(says(data)));
      }),
    "/stream": () => {
      const parts = ["two ", "parts"];
      const within = context.active();
      const pull = async (to) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        const part = parts.shift();
        if (part === undefined) context.with(within, count), to.close();
        else to.enqueue(new TextEncoder().encode(part));
      };
      return new Response(new ReadableStream({ pull }));
    },
  };
  export const busy = (error) => new Response(error.message, { status: 503 });
`;
const ownServers = {
  bun: `
    import { busy, count, pages } from "./answering.mjs";
    class Options {
      port = 0;
      hostname = "127.0.0.1";
      routes = { "/cups/:size": (request) => new Response(request.params.size), "/fixed": new Response("fixed") };
      websocket = { message: (socket, text) => (count(), socket.send(text)) };
      fetch(request, server) {
        if (this !== server) throw new Error("this is not the server");
        const { pathname, origin } = new URL(request.url);
        if (pathname === "/socket") return server.upgrade(request) ? undefined : new Response("no socket", { status: 400 });
        return pages[pathname](origin);
      }
      error(error) {
        return busy(error);
      }
    }
    const server = Bun.serve(new Options());
    server.reload(new Options());
    console.log(server.port);
  `,
  deno: `
    import { busy, count, pages } from "./answering.mjs";
    const options = { port: 0, hostname: "127.0.0.1", onError: busy, onListen: ({ port }) => console.log(port) };
    Deno.serve(options, (request) => {
      const { pathname, origin } = new URL(request.url);
      if (pathname !== "/socket") return pages[pathname](origin);
      const { socket, response } = Deno.upgradeWebSocket(request);
      socket.onmessage = ({ data }) => (count(), socket.send(data));
      return response;
    });
  `,
};

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
  sdk.write("answering.mjs", answering);
  for (const [name, program] of Object.entries(ownServers)) sdk.write(`${name}-serve.mjs`, program);
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
  const node = programOf(name, context);
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

describe.for(["bun", "deno"] as const)("%s: a request to its own server", (name) => {
  let app: RunningApp;

  beforeEach(async (context) => {
    const node = programOf(name, context);
    const env = { AWS_XRAY_DAEMON_ADDRESS: daemon.address, AWS_XRAY_TRACING_NAME: "shop" };
    app = await startApp([...preload[name], `${name}-serve.mjs`], { cwd: sdk.folder, node, env });
    apps.push(app);
  });

  const ask = (path: string, header = "Sampled=1") => fetch(app.url + path, { headers: { "x-amzn-trace-id": header } });

  it("is a segment, and what it calls joins the trace", async () => {
    const answer = await ask("/tea");
    expect([await answer.text(), answer.headers.get("x-runs")]).toEqual(["many", "yes"]);
    const documents = await daemon.await(2);
    const root = documents.find(({ parent_id }) => parent_id === undefined)!;
    const served = documents.find(({ parent_id }) => parent_id !== undefined)!;
    const request = { method: "GET", url: `${app.url}/tea`, client_ip: "127.0.0.1" };
    expect(root).toMatchObject({
      name: "shop",
      http: { request, response: { status: 200 } },
      subsegments: [{ namespace: "remote", id: served.parent_id }],
    });
    expect(served).toMatchObject({ trace_id: root.trace_id, subsegments: [{ name: "count" }] });
  });

  it("that failed is a fault with its exception, and the application answers it", async () => {
    const answer = await ask("/broken");
    expect([answer.status, await answer.text()]).toEqual([503, "the pot is broken"]);
    const [document] = await daemon.await(1);
    expect(document).toMatchObject({
      fault: true,
      http: { response: { status: 503 } },
      cause: { exceptions: [{ type: "RangeError", message: "the pot is broken" }] },
    });
  });

  it("whose answer is a stream gets it whole", async () => {
    expect(await (await ask("/stream")).text()).toBe("two parts");
    // Bun does not tell when a body has gone out: what is done for it then goes alone.
    const documents = await daemon.await(name === "deno" ? 1 : 2);
    const root = documents.find(({ type }) => type === undefined);
    expect(root).toMatchObject({ http: { response: { status: 200 } } });
    const count = name === "deno" ? root!.subsegments![0] : documents.find(({ parent_id }) => parent_id === root!.id);
    expect(count).toMatchObject({ name: "count", annotations: { shelf: 3 } });
  });

  it("that becomes a web socket ends, and the socket works", async () => {
    expect(await (await ask("/chat")).text()).toBe("tea?");
    // Nobody has asked for it to be recorded: the first request of a second is.
    const document = await daemon.find(({ http }) => http?.response?.status === 101);
    expect(document).toMatchObject({ name: "shop", http: { request: { url: `${app.url}/socket` } } });
  });

  it("that asks whether it is recorded is told", async () => {
    const answer = await ask("/stock", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=?");
    expect(answer.headers.get("x-amzn-trace-id")).toBe("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1");
  });

  if (name !== "bun") return;
  it("has the route under which its handler is registered", async () => {
    expect(await (await ask("/cups/big")).text()).toBe("big");
    expect(await (await ask("/fixed")).text()).toBe("fixed");
    const [document] = await daemon.await(1);
    expect(document).toMatchObject({ metadata: { default: { "http.route": "/cups/:size" } } });
  });
});
