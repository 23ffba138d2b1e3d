import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningUp, startUp } from "../interop/running-up.ts";
import { cli, mainPath } from "./run-cli.ts";

/** The official client starts the built program and speaks with it through its standard input and output. */
let running: RunningUp;
let web: Server;
let url: string;

beforeAll(async () => {
  running = await startUp();
  web = createServer((request, response) => {
    const isGood = request.url !== "/bad";
    response.writeHead(isGood ? 200 : 503, { "content-type": "application/json" });
    response.end(JSON.stringify({ path: request.url, traced: request.headers["x-amzn-trace-id"] !== undefined }));
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
});
afterAll(async () => {
  web?.closeAllConnections();
  web?.close();
  await running?.close();
});

async function connected(...words: string[]): Promise<Client> {
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: "/nonexistent",
    AWS_ENDPOINT_URL_XRAY: running.http,
    AWS_XRAY_DAEMON_ADDRESS: running.udp,
  };
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [mainPath, "mcp", ...words], env }));
  return client;
}

describe("fluoroscope mcp", () => {
  it("calls nothing unless it is allowed to", async () => {
    const client = await connected();
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain("get_trace");
    expect(names).not.toContain("call_url");
    await client.close();
  });

  it("calls a host that is allowed, tells of the trace, and finds it again", async () => {
    const client = await connected("--allow-call", "127.0.0.1");
    const { structuredContent } = await client.callTool({ name: "call_url", arguments: { url: `${url}/bad` } });
    const called = structuredContent as { status: number; body: string; trace: { id: string; isWhole: boolean } };
    expect(called).toMatchObject({
      status: 503,
      body: '{"path":"/bad","traced":true}',
      trace: { isWhole: true, failures: [{ status: 503 }] },
      link: `${running.http}/trace/${called.trace.id}`,
    });
    const found = await client.callTool({
      name: "search_traces",
      arguments: { filter: `service("127.0.0.1") { fault }` },
    });
    expect(JSON.stringify(found.structuredContent)).toContain(called.trace.id);
    await client.close();
  });

  it("calls no other host, whatever the URL looks like", async () => {
    const { port } = new URL(url);
    const client = await connected("--allow-call", `localhost:${port}`);
    for (const target of [
      url,
      `http://localhost:1/`,
      `http://localhost:${port}@127.0.0.1:${port}/`,
      "file:///etc/passwd",
    ]) {
      const { isError, content } = await client.callTool({ name: "call_url", arguments: { url: target } });
      expect(isError).toBe(true);
      expect(JSON.stringify(content)).toMatch(/is not allowed|cannot be called|is no URL/);
    }
    await client.close();
  });

  it("asks the same over HTTP, at the server's own port", async () => {
    const client = new Client({ name: "test", version: "1" });
    const transport = new StreamableHTTPClientTransport(new URL("/mcp", running.http));
    // The SDK's types were not made for exact optional properties.
    await client.connect(transport as Parameters<Client["connect"]>[0]);
    const overStdio = await connected();
    expect(await client.listTools()).toEqual(await overStdio.listTools());
    const map = await client.callTool({ name: "service_map", arguments: {} });
    expect(map.structuredContent).toMatchObject({ link: `${running.http}/map?range=1h` });
    await Promise.all([client.close(), overStdio.close()]);
  });

  it("ends when its input ends", async () => {
    expect(await cli(["mcp"], { input: "" })).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("tells the agent when no fluoroscope answers", async () => {
    const client = await connected("--endpoint", "http://127.0.0.1:9");
    const { isError, content } = await client.callTool({ name: "service_map", arguments: {} });
    expect(isError).toBe(true);
    expect(JSON.stringify(content)).toContain("No fluoroscope answers at http://127.0.0.1:9 (ECONNREFUSED)");
    await client.close();
  });
});
