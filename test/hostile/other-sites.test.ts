import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AServer, aServer } from "../conformance/a-server.ts";
import { aRequest, aSpan } from "../fixtures/otlp-requests.ts";

let server: AServer;
beforeAll(async () => {
  server = await aServer({ otlpHttpPort: "0" });
});
afterAll(() => server?.close());

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function ask(
  to: string,
  { method = "GET", path = "/", headers = {}, body }: Asked,
): Promise<{ status: number; text: string; headers: object }> {
  const { hostname, port } = new URL(to);
  return new Promise((resolve, reject) => {
    const asked = request({ host: hostname, port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.once("end", () =>
        resolve({ status: answer.statusCode!, text: Buffer.concat(chunks).toString(), headers: answer.headers }),
      );
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

const spans = JSON.stringify(aRequest([aSpan()]));
/** What a page of another site may send without being asked: a form's content types, and none. */
const simple = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", ""];

describe("a name that somebody else owns and that leads here", () => {
  const names = [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example:80",
    "[::ffff:1.2.3.4]",
  ];
  const odd = [
    "evil.internal.example",
    "127.0.0.1@evil.example",
    "evil.example#.localhost",
    "0x7f.1.evil.example",
    ".",
  ];

  it.each([...names, ...odd])("is refused by every door: %s", async (host) => {
    const calls: [to: string, asked: Asked][] = [
      [server.addresses.http, { path: "/" }],
      [server.addresses.http, { path: "/events" }],
      [server.addresses.http, { path: "/metrics" }],
      [server.addresses.http, { path: "/api/traces/1-6553f100-000000000000000000000001/skeleton" }],
      [server.addresses.http, { method: "POST", path: "/TraceSummaries", body: "{}" }],
      [server.addresses.http, { method: "POST", path: "/mcp", body: "{}" }],
      [server.addresses.otlpHttp!, { method: "POST", path: "/v1/traces", body: spans }],
    ];
    for (const [to, { headers, ...asked }] of calls) {
      const { status: code } = await ask(to, {
        ...asked,
        headers: { ...headers, host, "content-type": "application/json" },
      });
      expect([asked.path, code]).toEqual([asked.path, 403]);
    }
  });
});

describe("a page of another site", () => {
  const status = async (): Promise<string> => (await ask(server.addresses.http, { path: "/api/status" })).text;
  const stored = (text: string): unknown => (JSON.parse(text) as { counters: { received: number } }).counters.received;

  it.each(simple)(
    "cannot post with the content type '%s', to any operation, nor to agents, nor spans",
    async (type) => {
      const received = stored(await status());
      for (const origin of [
        "http://evil.example",
        "null",
        "https://localhost.evil.example",
        "file://",
        "http://127.0.0.1:1",
      ]) {
        const headers = { origin, ...(type !== "" && { "content-type": type }) };
        for (const path of ["/TraceSegments", "/CreateGroup", "/DeleteGroup", "/mcp"]) {
          expect([
            path,
            origin,
            (await ask(server.addresses.http, { method: "POST", path, headers, body: "{}" })).status,
          ]).toEqual([path, origin, 403]);
        }
        const sent = await ask(server.addresses.otlpHttp!, {
          method: "POST",
          path: "/v1/traces",
          headers,
          body: spans,
        });
        expect([403, 415]).toContain(sent.status);
      }
      expect(stored(await status())).toBe(received);
    },
  );

  it("may not read an answer, whatever it asks for", async () => {
    for (const method of ["GET", "OPTIONS", "POST"]) {
      const answer = await ask(server.addresses.http, {
        method,
        path: "/api/status",
        headers: { origin: "http://evil.example" },
      });
      expect(answer.status).toBe(403);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });
});

it.each([
  "/assets/../../package.json",
  "/assets/..%2f..%2fpackage.json",
  "/assets/%2e%2e/%2e%2e/package.json",
  "/assets/..%5c..%5cpackage.json",
  "/assets/....//....//package.json",
  "/assets/%252e%252e/package.json",
  "/..%00/package.json",
  "//etc/passwd",
  "/assets//etc/passwd",
  "/api/traces/..%2f..%2fpackage.json/documents",
  "/api/traces/%2e%2e/skeleton",
])("the path %s leads to no file", async (path) => {
  const { text } = await ask(server.addresses.http, { path });
  expect(text).not.toMatch(/"devDependencies"|root:x:/);
});

it.each(["a\r\nset-cookie: x=1", "a\u0000", "a\u001b[2J", "é", "x".repeat(4_000)])(
  "what stands in an address comes back as text of one error, and in no header: %j",
  async (text) => {
    const answer = await ask(server.addresses.http, { path: `/api/traces/${encodeURIComponent(text)}/documents` });
    expect([404, 414]).toContain(answer.status);
    expect(JSON.stringify(answer.headers)).not.toMatch(/set-cookie|\\u001b/);
    expect(JSON.parse(answer.text)).toHaveProperty("Message");
  },
);
