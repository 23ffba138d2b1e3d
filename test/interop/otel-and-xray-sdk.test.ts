import { type ChildProcess, spawn } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { spansToDocuments } from "../../src/otel/spans-to-documents.ts";
import { aSpanRequest, type PlainGroup } from "../fixtures/span-builders.ts";
import { stop } from "./running-up.ts";

/**
 * The same Express app traced twice: by AWS's X-Ray SDK, which runs here, and by OpenTelemetry's instrumentation of http,
 * undici and express, whose spans are in test/fixtures/otel/bookshop-spans.json as they were recorded. What differs
 * between the documents is all that differs, and docs/reference/opentelemetry.md says why.
 */
let socket: Socket;
let stock: Server;
let bookshop: ChildProcess;
const sent: Json[] = [];

type Json = { readonly [member: string]: unknown };

beforeAll(async () => {
  socket = createSocket("udp4").on("message", (packet) => {
    sent.push(JSON.parse(packet.toString().split("\n")[1]!));
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  stock = createServer((_request, response) => response.end("2 books")).listen(0, "127.0.0.1");
  await once(stock, "listening");
  bookshop = spawn(process.execPath, [fileURLToPath(new URL("clients/express-app.cjs", import.meta.url))], {
    env: {
      ...process.env,
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${socket.address().port}`,
      AWS_XRAY_LOG_LEVEL: "silent",
      NODE_NO_WARNINGS: "1",
      STOCK_URL: `http://localhost:${(stock.address() as AddressInfo).port}`,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const port of createInterface({ input: bookshop.stdout! })) {
    for (const path of ["/busy", "/boom", "/stock"]) await request(`http://127.0.0.1:${port}${path}`);
    break;
  }
  await vi.waitFor(() => expect(sent).toHaveLength(3), { timeout: 20_000 });
});

afterAll(async () => {
  if (bookshop) await stop(bookshop);
  stock?.close();
  socket?.close();
});

async function request(url: string): Promise<void> {
  const headers = { "user-agent": "oracle", "x-amzn-trace-id": "Root=1-6553f100-000000000000000000000001;Sampled=1" };
  const [response] = await once(get(url, { headers }), "response");
  response.resume();
  await once(response, "end");
}

const recorded: readonly PlainGroup[] = JSON.parse(
  readFileSync(new URL("../fixtures/otel/bookshop-spans.json", import.meta.url), "utf8"),
);
const translated: readonly Json[] = spansToDocuments(aSpanRequest(recorded)).documents.map(({ text }) =>
  JSON.parse(text),
);

/** Why a member is in one of the documents only, or differs, by its path: all that may. */
const explained: readonly (readonly [path: RegExp, why: string])[] = [
  [/^\.service\./, "X-Ray's SDK reads package.json; OpenTelemetry has a detector for each of these"],
  [/^\.aws\.xray\.(?:sdk|package)$/, "each says that it is itself"],
  [/^(?:\.subsegments\.0)?\.metadata\./, "attributes that have no place in a document are kept"],
  [/^\.subsegments\.0\.http\.request\.user_agent$/, "OpenTelemetry tells of what it sends as well"],
  [
    /^\.subsegments\.0\.http\.response\.content_length$/,
    "the conventions leave the length of a body to those who ask for it",
  ],
  [/\.annotations\.shelf$/, "X-Ray's SDK takes the call for the place where the program is, after it was awaited"],
  [/^\.cause\.working_directory$/, "no attribute tells of it"],
  [/^\.cause\.exceptions\.0\.remote$/, "false goes without saying"],
];

/** What is another in every run. */
const unlike = new Set(["id", "trace_id", "start_time", "end_time", "sdk_version", "runtime_version"]);
const frames = 3;

/** Every member by its path. Ports are another each time; of a stack its first functions count, for files differ. */
function membersOf(value: unknown, path = ""): readonly (readonly [string, unknown])[] {
  if (typeof value === "string") return [[path, value.replace(/:\d{4,5}\//, ":port/")]];
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, member]) => {
    if (unlike.has(name)) return [];
    if (name !== "stack") return membersOf(member, `${path}.${name}`);
    const stack = member as readonly { readonly label: string }[];
    return [[`${path}.${name}`, String(stack.slice(0, frames).map(({ label }) => label))]];
  });
}

/**
 * Without the handler that Express calls, which is a span of its own and so a subsegment: what happened in it happened in
 * the segment, as X-Ray's SDK sees it.
 */
function withoutHandler(document: Json): Json {
  const [handler, ...others] = document.subsegments as readonly Json[];
  expect([handler!.name, others]).toEqual(["request handler", []]);
  const { subsegments, annotations, cause } = handler!;
  if (cause !== undefined) expect(document.cause).toBe((cause as { exceptions: Json[] }).exceptions[0]!.id);
  return { ...document, subsegments, annotations, cause };
}

const about = (path: string, documents: readonly Json[]): Json =>
  documents.find((document) => JSON.stringify(document.http).includes(`${path}"`))!;

it("the documents of OpenTelemetry's spans differ from X-Ray's own only where that can be explained", () => {
  const used = new Set<RegExp>();
  const strange: unknown[] = [];
  for (const path of ["/busy", "/boom", "/stock"]) {
    const theirs = new Map(membersOf(about(path, sent)));
    const ours = new Map(membersOf(withoutHandler(about(path, translated))));
    for (const member of new Set([...theirs.keys(), ...ours.keys()])) {
      if (theirs.get(member) === ours.get(member)) continue;
      const explanation = explained.find(([pattern]) => pattern.test(member));
      if (explanation === undefined) strange.push([path, member, theirs.get(member), ours.get(member)]);
      else used.add(explanation[0]);
    }
  }
  expect(strange).toEqual([]);
  expect(explained.filter(([pattern]) => !used.has(pattern))).toEqual([]);
});

it("both tell of the request, the call, the failure and the annotation alike", () => {
  expect(withoutHandler(about("/stock", translated))).toMatchObject({
    name: "bookshop",
    http: { request: { method: "GET", client_ip: "127.0.0.1" }, response: { status: 200 } },
    annotations: { shelf: "poetry" },
    subsegments: [{ name: "localhost", namespace: "remote", http: { response: { status: 200 } } }],
  });
  expect(about("/busy", translated)).toMatchObject({ error: true, throttle: true });
  expect(about("/boom", translated)).toMatchObject({ fault: true });
});
