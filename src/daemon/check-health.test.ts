import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createHttpClient } from "../forward/http-client.ts";
import { checkHealth } from "./check-health.ts";

async function port(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

it.each(["127.0.0.1", "localhost", "0.0.0.0", "::"])("a daemon that listens on %s is asked there", async (host) => {
  const asked: unknown[] = [];
  const at = await port((request, response) => {
    asked.push(request.url);
    response.end("ready\n");
  });
  expect(await checkHealth({ host, port: at }, createHttpClient())).toEqual({ isHealthy: true, text: "ready" });
  expect(asked).toEqual(["/healthz"]);
});

it("any other status is no health", async () => {
  const at = await port((_, response) => response.writeHead(503).end());
  const answer = await checkHealth({ host: "127.0.0.1", port: at }, createHttpClient());
  expect(answer).toEqual({ isHealthy: false, text: `http://127.0.0.1:${at}/healthz answers with status 503` });
});

it("nobody there is no health either, and is said", async () => {
  const answer = await checkHealth({ host: "127.0.0.1", port: 1 }, createHttpClient());
  expect(answer).toEqual({ isHealthy: false, text: expect.stringContaining("127.0.0.1:1") });
});
