import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { platform } from "node:os";
import { expect, it } from "vitest";
import { chance } from "../../test/fixtures/chance.ts";
import { Ingest, type Sink } from "../ingest/ingest.ts";
import { silentLog } from "../log.ts";
import { bindError } from "./bind-error.ts";
import { kernelDrops } from "./kernel-drops.ts";
import { portOwner } from "./port-owner.ts";
import { listenUdp } from "./udp-listener.ts";

const sink: Sink = { append: async (documents) => ({ outcomes: documents.map(() => undefined) }) };
const header = '{"format":"json","version":1}\n';

function send(host: string, port: number, datagram: string): Promise<void> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  return new Promise((resolve, reject) => {
    socket.send(datagram, port, host, (error) => {
      socket.close();
      if (error === null) resolve();
      else reject(error);
    });
  });
}

/** Good below 300; then the largest there is, a header alone, an empty one, a mangled one, and bytes of any kind. */
function noise(kind: number, below: (limit: number) => number): Buffer {
  if (kind < 300) return Buffer.from(`${header}{"n":${kind}}`);
  if (kind < 302) return Buffer.alloc(65_507, kind);
  if (kind < 350) return Buffer.from(header);
  if (kind < 400) return Buffer.alloc(0);
  const bytes = Buffer.from(kind < 700 ? `${header}{"n":${kind}}` : Buffer.alloc(below(1_500)));
  const changes = kind < 700 ? 1 + below(3) : bytes.length;
  for (let change = 0; change < changes && bytes.length > 0; change += 1) bytes[below(bytes.length)] = below(256);
  return bytes;
}

it.each(["127.0.0.1", "::1"])("what comes to %s goes through the door", async (host) => {
  const ingest = new Ingest(sink);
  const listener = await listenUdp({ host, port: 0, ingest, log: silentLog });
  await send(host, listener.port, `${header}{"a":1}`);
  await send(host, listener.port, "no header");
  await expect.poll(() => ingest.counters()).toMatchObject({ received: 2, stored: 1, refused: 1 });
  expect(ingest.problems()[0]).toMatchObject({ code: "BadHeader", source: "udp", document: "no header" });
  expect(listener.socketBufferBytes).toBeGreaterThan(0);
  expect(listener.address).toBe(host);
  await listener.close();
  await listener.close();
});

it("a name is listened on at its address, an empty host at every address of both kinds", async () => {
  const ingest = new Ingest(sink);
  const named = await listenUdp({ host: "localhost", port: 0, ingest, log: silentLog });
  expect(["127.0.0.1", "::1"]).toContain(named.address);
  await send(named.address, named.port, `${header}{}`);
  const everywhere = await listenUdp({ host: "", port: 0, ingest, log: silentLog });
  for (const host of ["127.0.0.1", "::1"]) await send(host, everywhere.port, `${header}{}`);
  await expect.poll(() => ingest.counters().received).toBe(3);
  expect(everywhere.lostBySystem()).toBe(platform() === "linux" ? 0 : undefined);
  await named.close();
  await everywhere.close();
});

it("a name without an address is refused as the system says it", async () => {
  const attempt = listenUdp({ host: "no-such-host.invalid", port: 0, ingest: new Ingest(sink), log: silentLog });
  await expect(attempt).rejects.toMatchObject({ syscall: "getaddrinfo" });
});

it("noise by the ten thousand on a real socket: every datagram is counted once, and good ones still pass", async () => {
  const ingest = new Ingest(sink);
  const listener = await listenUdp({ host: "127.0.0.1", port: 0, ingest, log: silentLog });
  const socket = createSocket("udp4");
  socket.connect(listener.port, "127.0.0.1");
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  const lost = (): number => listener.lostBySystem() ?? 0;
  const below = chance(7);
  let good = 0;
  let sent = 0;
  while (sent < 30_000) {
    for (let n = 0; n < 100; n += 1) {
      const kind = below(1_000);
      good += kind < 300 ? 1 : 0;
      await new Promise<void>((resolve) => socket.send(noise(kind, below), () => resolve()));
      sent += 1;
    }
    // Not faster than they are read: this is about what they hold.
    await expect.poll(() => ingest.counters().received + lost(), { interval: 2 }).toBe(sent);
  }
  const lostInAll = lost();
  await listener.close();
  await ingest.close();
  const { received, accepted, refused, stored, dropped } = ingest.counters();
  expect(received).toBe(sent - lostInAll);
  expect(received).toBe(accepted + refused);
  expect({ stored, dropped }).toEqual({ stored: accepted, dropped: 0 });
  expect(accepted).toBeGreaterThanOrEqual(good - lostInAll);
  expect(refused).toBeGreaterThan(1_000);
  expect(Object.values(ingest.problemCounts()).reduce((sum, times) => sum + times)).toBe(refused);
  socket.close();
});

it("closing reads what the system has buffered", async () => {
  const ingest = new Ingest(sink);
  const listener = await listenUdp({ host: "127.0.0.1", port: 0, ingest, log: silentLog });
  for (let n = 0; n < 50; n += 1) await send("127.0.0.1", listener.port, `${header}{}`);
  await listener.close();
  expect(ingest.counters().received).toBe(50);
  await ingest.close();
});

it("a small socket buffer is warned of, with the remedy", async () => {
  const warnings: object[] = [];
  const log = { ...silentLog, warn: (fields: object) => warnings.push(fields) };
  const ingest = new Ingest(sink);
  const listener = await listenUdp({ host: "127.0.0.1", port: 0, ingest, log });
  const isSmall = listener.socketBufferBytes < 4 * 2 ** 20;
  const remedy = "sudo sysctl -w net.core.rmem_max=33554432";
  expect(warnings).toEqual(isSmall ? [expect.objectContaining({ remedy })] : []);
  await listener.close();
});

it("a port that another socket has is refused, and who has it is known where /proc tells", async () => {
  const taken = createSocket("udp4");
  await new Promise<void>((resolve) => taken.bind(0, "127.0.0.1", resolve));
  const { port } = taken.address();
  const attempt = listenUdp({ host: "127.0.0.1", port, ingest: new Ingest(sink), log: silentLog });
  const cause = await attempt.catch((error: unknown) => error);
  const error = bindError(cause, "udp", "127.0.0.1", port);
  expect(error.code).toBe("FLUORO_PORT_IN_USE");
  const holder = platform() === "linux" ? `\\S.* \\(pid ${process.pid}\\)` : "another program";
  expect(error.message).toMatch(new RegExp(`^UDP port ${port} on 127\\.0\\.0\\.1 is in use by ${holder}`));
  expect(error.message).toContain(`--port ${port + 1}`);
  taken.close();
});

it("the owner of a TCP port is known too, and a free port has none", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  expect(portOwner("tcp", port)).toEqual(
    platform() === "linux" ? expect.stringContaining(`pid ${process.pid}`) : undefined,
  );
  server.close();
  expect(portOwner("udp", 1)).toBeUndefined();
});

it("an address that is not ours is said to be a matter of configuration", async () => {
  const ingest = new Ingest(sink);
  const attempt = listenUdp({ host: "203.0.113.1", port: 0, ingest, log: silentLog });
  const error = bindError(await attempt.catch((cause: unknown) => cause), "udp", "203.0.113.1", 2000);
  expect(error.code).toBe("FLUORO_BAD_CONFIG");
  expect(error.message).toContain("--host");
});

it("datagrams that the system drops are counted where it tells", async () => {
  const socket = createSocket({ type: "udp4", recvBufferSize: 4_096 });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  // Nobody reads while this loop runs: the loop that sends is the one that would receive.
  const sender = createSocket("udp4");
  sender.connect(port, "127.0.0.1");
  await new Promise<void>((resolve) => sender.once("connect", resolve));
  for (let n = 0; n < 300; n += 1) sender.send("x".repeat(1_000));
  if (platform() === "linux") expect(kernelDrops("127.0.0.1", port)).toBeGreaterThan(0);
  else expect(kernelDrops("127.0.0.1", port)).toBeUndefined();
  sender.close();
  socket.close();
});

it("what another address of the same port loses is not counted", async () => {
  const small = createSocket({ type: "udp4", recvBufferSize: 4_096 });
  await new Promise<void>((resolve) => small.bind(0, "127.0.0.1", resolve));
  const { port } = small.address();
  const neighbours = ["127.0.0.2", "::1"];
  const others = neighbours.map((host) => createSocket(host.includes(":") ? "udp6" : "udp4"));
  await Promise.all(others.map((socket, n) => new Promise<void>((done) => socket.bind(port, neighbours[n], done))));
  for (let n = 0; n < 300; n += 1) others[0]!.send("x".repeat(1_000), port, "127.0.0.1");
  if (platform() === "linux") await expect.poll(() => kernelDrops("127.0.0.1", port)).toBeGreaterThan(0);
  const none = platform() === "linux" ? 0 : undefined;
  expect(neighbours.map((host) => kernelDrops(host, port))).toEqual([none, none]);
  for (const socket of [small, ...others]) socket.close();
});
