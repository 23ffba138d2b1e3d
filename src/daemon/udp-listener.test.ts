import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { platform } from "node:os";
import { expect, it } from "vitest";
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

it.each(["127.0.0.1", "::1"])("what comes to %s goes through the door", async (host) => {
  const ingest = new Ingest(sink);
  const listener = await listenUdp({ host, port: 0, ingest, log: silentLog });
  await send(host, listener.port, `${header}{"a":1}`);
  await send(host, listener.port, "no header");
  await expect.poll(() => ingest.counters()).toMatchObject({ received: 2, stored: 1, refused: 1 });
  expect(ingest.problems()[0]).toMatchObject({ code: "BadHeader", source: "udp", document: "no header" });
  expect(listener.socketBufferBytes).toBeGreaterThan(0);
  await listener.close();
  await listener.close();
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
  if (platform() === "linux") expect(kernelDrops(port)).toBeGreaterThan(0);
  else expect(kernelDrops(port)).toBeUndefined();
  sender.close();
  socket.close();
});
