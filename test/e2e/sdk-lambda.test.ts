import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type InstalledSdk, installSdk } from "../fixtures/installed-sdk.ts";
import { startUdpReceiver, type UdpReceiver } from "../fixtures/udp-receiver.ts";
import { runApp } from "./running-app.ts";

/** A function in Lambda, from cold to its end: the runtime's loop asks a runtime API of ours for one invocation after another. */
const app = (name: string): string => fileURLToPath(new URL(`sdk-apps/${name}`, import.meta.url));

interface Invocation {
  readonly header?: string;
  readonly event?: object;
}

let sdk: InstalledSdk;
let daemon: UdpReceiver;
let tea: Server;
let heard: IncomingHttpHeaders[] = [];

beforeAll(async () => {
  sdk = installSdk();
  daemon = await startUdpReceiver();
  tea = await listen((request, response) => {
    heard.push(request.headers);
    response.end("tea");
  });
});

beforeEach(() => {
  heard = [];
});

afterEach(() => daemon.clear());

afterAll(() => {
  tea?.close();
  daemon?.close();
  sdk?.remove();
});

const listen = async (listener: RequestListener): Promise<Server> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
};
const authority = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;

const root = (index: number): string => `1-5759e988-bd862e3fe1be46a99427279${index}`;
const parent = (index: number): string => `53995c3f42cd8ad${index}`;
const sampled = (index: number): string => `Root=${root(index)};Parent=${parent(index)};Sampled=1;Lineage=1:a:0`;

/** Starts the function, hands it all invocations in order, and ends it. Answers what it answered. */
async function invoke(invocations: readonly Invocation[], env: Record<string, string> = {}): Promise<string[]> {
  const answers: string[] = [];
  const waiting = [...invocations];
  let id = 0;
  const api = await listen(async (request, response) => {
    if (request.method === "POST") {
      answers.push(await text(request));
      response.writeHead(202).end();
      return;
    }
    const next = waiting.shift();
    id += 1;
    response.setHeader("lambda-runtime-aws-request-id", `request-${id}`);
    if (next?.header !== undefined) response.setHeader("lambda-runtime-trace-id", next.header);
    response.end(
      JSON.stringify(next === undefined ? { end: true } : { url: `http://${authority(tea)}`, ...next.event }),
    );
  });
  const lambda = {
    LAMBDA_TASK_ROOT: "/var/task",
    AWS_LAMBDA_FUNCTION_NAME: "brew",
    AWS_LAMBDA_RUNTIME_API: authority(api),
  };
  const words = ["--import", "fluoroscope-sdk/register", app("lambda-runtime.mjs"), app("lambda-handler.mjs")];
  const options = { cwd: sdk.folder, env: { AWS_XRAY_DAEMON_ADDRESS: daemon.address, ...lambda, ...env } };
  const { code, complaints } = await runApp(words, options);
  api.close();
  expect([code, complaints]).toEqual([0, ""]);
  return answers;
}

it("each invocation has its own trace, warm as cold, and nothing but what the function did", async () => {
  const answers = await invoke([{ header: sampled(1) }, { header: sampled(2) }, { header: sampled(3) }]);
  expect(answers).toEqual(Array(3).fill('{"one":"tea","two":"tea"}'));
  const documents = await daemon.await(6);
  expect(documents).toHaveLength(6);
  for (const index of [1, 2, 3]) {
    const own = documents.filter(({ trace_id }) => trace_id === root(index));
    expect(own).toHaveLength(2);
    for (const document of own) {
      expect(document).toMatchObject({ type: "subsegment", parent_id: parent(index), namespace: "remote" });
    }
    const told = heard.flatMap(({ "x-amzn-trace-id": header }) => (header?.includes(root(index)) ? [header] : []));
    const expected = own.map(({ id }) => `Root=${root(index)};Parent=${id};Sampled=1;Lineage=1:a:0`);
    expect(told.toSorted()).toEqual(expected.toSorted());
  }
});

it("a function that streams its answer has the same subsegments, and none for the answer", async () => {
  const answers = await invoke([{ header: sampled(1), event: { streams: true } }]);
  expect(answers).toEqual(["teatea"]);
  const documents = await daemon.await(2);
  expect(documents.map(({ http }) => http?.request?.url)).toEqual(
    ["one", "two"].map((path) => `http://${authority(tea)}/${path}`),
  );
});

it("a function that fails has what it did before, and the next invocation is untouched", async () => {
  const answers = await invoke([{ header: sampled(1), event: { fails: true } }, { header: sampled(2) }]);
  expect(answers[0]).toContain("the pot is broken");
  const documents = await daemon.await(4);
  expect(documents.map(({ trace_id }) => trace_id)).toEqual([root(1), root(1), root(2), root(2)]);
});

it("what is not sampled is not sent, and callees are told so", async () => {
  await invoke([{ header: sampled(1).replace("Sampled=1", "Sampled=0") }, { header: sampled(2) }]);
  const documents = await daemon.await(2);
  expect(documents.map(({ trace_id }) => trace_id)).toEqual([root(2), root(2)]);
  for (const { "x-amzn-trace-id": header } of heard.slice(0, 2)) {
    expect(header).toMatch(new RegExp(`^Root=${root(1)};Parent=[\\da-f]{16};Sampled=0`));
  }
});

it.each([
  ["passes a trace through", `Root=${root(1)}`],
  ["names none", undefined],
])("where Lambda %s, nothing is sent and nothing told", async (_, header) => {
  await invoke([{ ...(header !== undefined && { header }) }, { header: sampled(2) }]);
  const documents = await daemon.await(2);
  expect(documents.map(({ trace_id }) => trace_id)).toEqual([root(2), root(2)]);
  expect(heard.slice(0, 2).map((headers) => headers["x-amzn-trace-id"])).toEqual([undefined, undefined]);
});

it("a function that is started from a snapshot works alike", async () => {
  await invoke([{ header: sampled(1) }], { AWS_LAMBDA_INITIALIZATION_TYPE: "snap-start" });
  const documents = await daemon.await(2);
  expect(new Set(documents.map(({ id }) => id)).size).toBe(2);
});
