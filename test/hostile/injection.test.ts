import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLog } from "../../src/log.ts";
import { metric } from "../../src/prometheus.ts";
import { type AServer, aServer } from "../conformance/a-server.ts";
import { hostileDocuments, slowTraceId } from "../fixtures/hostile-traces.ts";

const name = 'a\r\nforged 1\u001b[2J\u009b31m\u202e"}\\ 2';

let server: AServer;
let log = "";
beforeAll(async () => {
  server = await aServer({}, createLog({ format: "text", level: "debug", write: (line) => (log += line) }));
});
afterAll(() => server?.close());

function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(server.addresses.http);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.once("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

describe("text from elsewhere", () => {
  it("forges no line of the log, and sends the terminal nothing, whatever is asked and changed", async () => {
    await server.post("/CreateGroup", { GroupName: name, FilterExpression: "fault" });
    await server.post("/CreateGroup", { GroupName: "a", FilterExpression: name });
    await server.post("/TagResource", { ResourceARN: name, Tags: [{ Key: name, Value: name }] });
    await server.post("/TraceSegments", { TraceSegmentDocuments: [...hostileDocuments(slowTraceId), name] });
    await fetch(`${server.addresses.http}/api/traces/${encodeURIComponent(name)}/documents`);
    expect(log).toContain("settings were changed");
    for (const line of log.trimEnd().split("\n")) {
      expect(line).toMatch(/^\d\d:\d\d:\d\d (debug|info|warn|error)/);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });

  it("adds no line to the metrics", async () => {
    const text = await (await fetch(`${server.addresses.http}/metrics`)).text();
    for (const line of text.trimEnd().split("\n")) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) fluoroscope_\w+ .+|fluoroscope_\w+(\{\w+="[^"\n]*"(,\w+="[^"\n]*")*\})? \S+)$/,
      );
    }
    const labelled = metric("a", "gauge", name, [{ labels: { to: name }, value: 1 }]);
    expect(labelled.split("\n")).toHaveLength(4);
    expect(labelled).toMatch(/\na\{to="(?:[^"\\\n]|\\[\\"n])*"\} 1\n$/);
  });

  it("adds no header to an answer", async () => {
    const head = "Host: 127.0.0.1\r\nConnection: close\r\n";
    for (const request of [
      `GET /api/x%0d%0aset-cookie:%20a=1 HTTP/1.1\r\n${head}\r\n`,
      `GET /events?filter=%0d%0aset-cookie:%20a=1 HTTP/1.1\r\n${head}\r\n`,
      `GET /%0d%0aset-cookie:%20a=1 HTTP/1.1\r\n${head}\r\n`,
      `POST /Traces%0d%0aset-cookie:%20a=1 HTTP/1.1\r\n${head}Content-Length: 0\r\n\r\n`,
    ]) {
      const answer = await raw(request);
      expect(answer.split("\r\n\r\n")[0]).not.toMatch(/^set-cookie/im);
    }
  });

  it.each<[string, string]>([
    ["two lengths", "POST /Groups HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}"],
    [
      "a length and chunks",
      "POST /Groups HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a header folded over lines", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\r\n\tb\r\n\r\n"],
    ["a bare line feed", "GET /healthz HTTP/1.1\nHost: localhost\n\n"],
    ["a zero in a header", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\u0000b\r\n\r\n"],
    ["a space before the colon", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX : a\r\n\r\n"],
    [
      "a broken chunk",
      "POST /Groups HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    ],
  ])("smuggles no second request behind the first by %s", async (_name, request) => {
    // What follows would be answered too, if it were taken for a request of its own behind one that was refused.
    const answer = await raw(`${request}GET /smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
  });
});
