import { createSocket, type Socket } from "node:dgram";
import { afterEach, expect, it } from "vitest";
import { UdpSender } from "./udp-sender.ts";

const opened: (Socket | UdpSender)[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

async function aReceiver(): Promise<{ port: number; received: string[] }> {
  const socket = createSocket("udp4");
  opened.push(socket);
  const received: string[] = [];
  socket.on("message", (message) => received.push(message.toString()));
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { port: socket.address().port, received };
}

function aSender(port: number, host = "127.0.0.1"): UdpSender {
  const sender = new UdpSender({ host, port });
  opened.push(sender);
  return sender;
}

it("documents go out with the header line, those too that came before the socket was ready", async () => {
  const { port, received } = await aReceiver();
  const sender = aSender(port, "localhost");
  sender.send('{"a":1}');
  sender.send('{"a":2}');
  await expect.poll(() => received).toHaveLength(2);
  expect(received).toEqual([1, 2].map((a) => `{"format":"json","version":1}\n{"a":${a}}`));
  expect(sender.figures).toEqual({ sent: 2, dropped: 0 });
});

it("what no datagram holds is split", async () => {
  const { port, received } = await aReceiver();
  const child = (id: string) => ({ id, name: id, start_time: 1, metadata: { default: { x: "x".repeat(40_000) } } });
  const document = { id: "a", trace_id: "t", name: "n", start_time: 1, subsegments: [child("b"), child("c")] };
  aSender(port).send(JSON.stringify(document));
  await expect.poll(() => received).toHaveLength(2);
});

it("a dead daemon is nobody's error, and one that comes back gets what is sent from then on", async () => {
  const { port } = await aReceiver();
  (opened.pop() as Socket).close();
  const sender = aSender(port);
  for (let number = 0; number < 1_000; number += 1) sender.send('{"lost":true}');
  await expect.poll(() => sender.figures.sent).toBeGreaterThan(0);
  for (let number = 0; number < 1_000; number += 1) sender.send('{"lost":true}');

  const revived = createSocket("udp4");
  opened.push(revived);
  const received: string[] = [];
  revived.on("message", (message) => received.push(message.toString()));
  await new Promise<void>((resolve) => revived.bind(port, "127.0.0.1", resolve));
  await expect
    .poll(() => {
      sender.send('{"found":true}');
      return received.length;
    })
    .toBeGreaterThan(0);
});

it("a host that does not exist costs a bounded number of documents", async () => {
  const sender = aSender(2_000, "no-such-host.invalid");
  for (let number = 0; number < 10_000; number += 1) sender.send("{}");
  expect(sender.figures.dropped).toBeGreaterThan(9_000);
});

it("a closed sender sends nothing and may be closed again", async () => {
  const sender = aSender(9);
  sender.close();
  sender.close();
  sender.send("{}");
  expect(sender.figures).toEqual({ sent: 0, dropped: 1 });
});
