import { createSocket, type Socket } from "node:dgram";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Problems, Status } from "../../src/api/wire.ts";
import { type AServer, aServer } from "../conformance/a-server.ts";
import { aDocument, aTraceId } from "../fixtures/builders.ts";

const compact = '{"format":"json","version":1}';

let server: AServer;
let socket: Socket;
beforeEach(async () => {
  server = await aServer();
  socket = createSocket("udp4");
});
afterEach(async () => {
  socket.close();
  await server.close();
});

function send(datagram: string | Uint8Array): Promise<void> {
  const [host, port] = server.addresses.udp.split(":");
  return new Promise((resolve, reject) => {
    socket.send(datagram, Number(port), host, (error) => (error === null ? resolve() : reject(error)));
  });
}

const get = async <T>(path: string): Promise<T> => (await fetch(server.addresses.http + path)).json() as Promise<T>;

/** The counters once `received` datagrams have been dealt with. */
async function settled(received: number): Promise<Status["counters"]> {
  await expect
    .poll(async () => (await get<Status>("/api/status")).counters, { timeout: 10_000 })
    .toMatchObject({ received, waiting: 0 });
  return (await get<Status>("/api/status")).counters;
}

async function codes(): Promise<Problems["counts"]> {
  return (await get<Problems>("/api/problems")).counts;
}

it.each([
  ["C-60: the compact header", compact],
  ["C-61: a header with spaces", '{"format": "json", "version": 1}'],
  ["C-62: the format in capitals", '{"format":"JSON","version":1}'],
])("%s is accepted", async (_, header) => {
  await send(`${header}\n${aDocument()}`);
  expect(await settled(1)).toMatchObject({ accepted: 1, stored: 1, refused: 0 });
  const stored = await get<{ documents: string[] }>(`/api/traces/${aTraceId}/documents`);
  expect(stored.documents.length).toBe(1);
});

it.each([
  ["C-63: version 2", `{"format":"json","version":2}\n${aDocument()}`, "UnsupportedFormat"],
  ["C-64: another format", `{"format":"xml","version":1}\n${aDocument()}`, "UnsupportedFormat"],
  ["C-65: no newline", compact, "MissingBody"],
  ["C-65: no body", `${compact}\n`, "MissingBody"],
  ["no header", aDocument(), undefined],
  ["C-66: a body that is not JSON", `${compact}\n{not json`, "InvalidJson"],
  ["nothing at all", "", "EmptyDatagram"],
])("%s is refused, counted and shown", async (_, datagram, code) => {
  await send(datagram);
  expect(await settled(1)).toMatchObject({ accepted: 0, stored: 0, refused: 1 });
  const { problems, counts } = await get<Problems>("/api/problems");
  expect(problems.length).toBe(1);
  expect(problems[0]).toMatchObject({ source: "udp", message: expect.stringMatching(/\w/) });
  if (code !== undefined) expect(counts).toEqual({ [code]: 1 });
});

it("C-67: the largest datagram there is is accepted", async () => {
  const frame = compact.length + 1 + aDocument({ metadata: { text: "" } }).length;
  const datagram = `${compact}\n${aDocument({ metadata: { text: "x".repeat(65_507 - frame) } })}`;
  expect(Buffer.byteLength(datagram)).toBe(65_507);
  await send(datagram);
  expect(await settled(1)).toMatchObject({ stored: 1 });
});

it("C-68: one bad datagram between two good ones costs only itself", async () => {
  await send(`${compact}\n${aDocument({ name: "one" })}`);
  await send("bad");
  await send(`${compact}\n${aDocument({ name: "two" })}`);
  expect(await settled(3)).toMatchObject({ stored: 2, refused: 1 });
  const stored = await get<{ documents: string[] }>(`/api/traces/${aTraceId}/documents`);
  expect(stored.documents.map((document) => JSON.parse(document).name).toSorted()).toEqual(["one", "two"]);
});

it("noise of every kind is counted and never brings it down", async () => {
  // A generator with a fixed seed, so that a failure can be had again.
  let seed = 42;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % below;
  };
  const good = `${compact}\n${aDocument()}`;
  let sent = 0;
  for (let n = 0; n < 2_000; n += 1) {
    const bytes = n % 2 === 0 ? Buffer.from(good) : Buffer.alloc(random(1_500));
    const changes = n % 2 === 0 ? 1 + random(6) : bytes.length;
    for (let change = 0; change < changes && bytes.length > 0; change += 1) bytes[random(bytes.length)] = random(256);
    await send(n % 5 === 0 ? bytes.subarray(0, random(bytes.length + 1)) : bytes);
    sent += 1;
  }
  const counters = await settled(sent);
  expect(counters.received).toBe(counters.accepted + counters.refused);
  expect(counters.accepted).toBe(counters.stored);
  const counts = await codes();
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(counters.refused);
  await send(good);
  expect((await settled(sent + 1)).stored).toBe(counters.stored + 1);
});

it("a burst of two thousand datagrams is stored to the last one", async () => {
  const datagrams = Array.from({ length: 2_000 }, (_, n) => {
    const trace_id = `1-6553f100-${n.toString(16).padStart(24, "0")}`;
    return `${compact}\n${aDocument({ trace_id, metadata: { text: "x".repeat(800) } })}`;
  });
  await Promise.all(datagrams.map(send));
  const { receiver } = await get<Status>("/api/status");
  const counters = await settled(2_000 - (receiver.lostBySystem ?? 0));
  expect(counters.stored).toBe(counters.received);
  // Where the system gives the socket the room that was asked for, nothing is lost on the way either.
  if (receiver.socketBufferBytes >= 8 * 2 ** 20) expect(receiver.lostBySystem ?? 0).toBe(0);
});

it("what was sent before the stop is there after the next start", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "fluoroscope-receive-"));
  const kept = { ephemeral: "false", dataDir };
  try {
    await server.close();
    server = await aServer(kept);
    for (let n = 0; n < 200; n += 1) await send(`${compact}\n${aDocument()}`);
    await server.close();
    await server.close();
    server = await aServer(kept);
    expect((await get<Status>("/api/status")).store).toMatchObject({ segments: 200, traces: 1 });
  } finally {
    await server.close();
    rmSync(dataDir, { recursive: true });
  }
});
