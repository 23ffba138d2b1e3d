import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningApp, startApp } from "../e2e/running-app.ts";
import { type InstalledSdk, installSdk } from "../fixtures/installed-sdk.ts";
import { startUdpReceiver, type UdpReceiver } from "../fixtures/udp-receiver.ts";

/** The same program on X-Ray's own SDK and on ours: the documents are compared, and each difference has its reason. */
const program = fileURLToPath(new URL("clients/sdk-pair.mjs", import.meta.url));

type ReceivedDocument = UdpReceiver["documents"][number];

let stock: Server;
let sdk: InstalledSdk;
let daemon: UdpReceiver;

beforeAll(async () => {
  sdk = installSdk();
  daemon = await startUdpReceiver();
  stock = createServer((request, response) => {
    response.writeHead(Number(/^\/(\d{3})/.exec(request.url ?? "")?.[1] ?? 200)).end("many");
  });
  await new Promise<void>((resolve) => stock.listen(0, "127.0.0.1", resolve));
});

afterAll(() => {
  stock?.closeAllConnections();
  stock?.close();
  daemon?.close();
  sdk?.remove();
});

async function documentFor(who: "xray" | "ours", path: string): Promise<ReceivedDocument> {
  daemon.clear();
  const register = who === "ours" ? ["--import", "fluoroscope-sdk/register"] : [];
  const app: RunningApp = await startApp([...register, program, who], {
    cwd: sdk.folder,
    env: {
      AWS_XRAY_DAEMON_ADDRESS: daemon.address,
      AWS_XRAY_TRACING_NAME: "shop",
      STOCK_URL: `http://127.0.0.1:${(stock.address() as AddressInfo).port}`,
      NODE_NO_WARNINGS: "1",
    },
  });
  try {
    const headers = { "x-amzn-trace-id": trace, "user-agent": "differ/1" };
    await (await fetch(`${app.url}${path}?page=2`, { headers })).text();
    const segment = await daemon.find(({ name }) => name === "shop");
    return JSON.parse(JSON.stringify(segment).replaceAll(app.url, "http://shop"));
  } finally {
    await app.end("SIGKILL");
  }
}

const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

/** What differs from run to run is left out, as is what `explained` takes away. */
function comparable(document: ReceivedDocument): unknown {
  const { id: _id, start_time: _start, end_time: _end, subsegments = [], ...rest } = document;
  const { aws: _aws, service: _service, metadata: _metadata, ...compared } = rest;
  return { ...compared, ...(subsegments.length > 0 && { subsegments: subsegments.map(comparable) }) };
}

/** X-Ray's SDK, in the words of ours: one line for each difference between them. */
function explained(theirs: ReceivedDocument): ReceivedDocument {
  const http = theirs.http;
  const request = http && { ...http.request };
  if (request !== undefined) {
    // They give the service's own URL with the host alone, and cut the port off the URL of a call.
    delete request.url;
    // They mark calls as traced for the callee's sake; fluoroscope sees by itself whether a callee answers.
    delete request.traced;
  }
  const { traced: _traced, ...others } = theirs;
  return {
    ...others,
    ...(http && { http: { ...http, request: request ?? {} } }),
    ...(theirs.subsegments && { subsegments: theirs.subsegments.map(explained) }),
  };
}

/**
 * Ours, without what theirs does not tell: the URL is compared by itself, and of a response of their own they know the
 * length only where they made the call.
 */
function reduced(ours: ReceivedDocument): ReceivedDocument {
  const { url: _url, ...request } = ours.http?.request ?? {};
  const { content_length, ...response } = ours.http?.response ?? {};
  const isCall = ours.namespace === "remote";
  return {
    ...ours,
    ...(ours.http && {
      http: { request, response: { ...response, ...(isCall && content_length !== undefined && { content_length }) } },
    }),
    ...(ours.subsegments && { subsegments: ours.subsegments.map(reduced) }),
  };
}

it.each(["/tea", "/none", "/busy"])("the documents for %s are the same but for what is explained", async (path) => {
  const theirs = await documentFor("xray", path);
  const ours = await documentFor("ours", path);
  expect(comparable(reduced(ours))).toEqual(comparable(explained(theirs)));
  // The URLs: ours with the port, and without the query.
  expect(ours.http!.request!.url).toBe(`http://shop${path}`);
});
