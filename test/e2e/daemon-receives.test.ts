import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { aDocument, anId } from "../fixtures/builders.ts";
import { type FakeUpstream, startFakeUpstream } from "../fixtures/fake-upstream.ts";
import { freePort } from "../fixtures/free-port.ts";
import { documents, expectDelivered, expectReceived, expectSettled, header } from "./daemon-load.ts";
import { type RunningDaemon, runToEnd, testDaemons } from "./running-daemon.ts";

const daemons = testDaemons();
let upstream: FakeUpstream;
let daemon: RunningDaemon;
beforeEach(async () => {
  upstream = await startFakeUpstream();
  daemon = await daemons.start({ to: [upstream.url] });
});
afterEach(() => upstream.close());

it.each([
  ["C-60: the compact header", '{"format":"json","version":1}'],
  ["C-61: a header with spaces", '{"format": "json", "version": 1}'],
  ["C-62: the format in capitals", '{"format":"JSON","version":1}'],
])("%s is accepted and its document sent on", async (_, head) => {
  const document = aDocument();
  await daemon.send(`${head}\n${document}`);
  await expect.poll(() => upstream.documents, { timeout: 20_000 }).toEqual([document]);
  expect(await daemon.figures()).toMatchObject({ received: 1, accepted: 1, refused: 0 });
});

it.each([
  ["C-63: version 2", `{"format":"json","version":2}\n${aDocument()}`, "UnsupportedFormat"],
  ["C-64: another format", `{"format":"xml","version":1}\n${aDocument()}`, "UnsupportedFormat"],
  ["C-65: no newline", header.trimEnd(), "MissingBody"],
  ["C-65: no body", header, "MissingBody"],
  ["no header", aDocument(), undefined],
])("%s is refused and counted", async (_, datagram, code) => {
  await daemon.send(datagram);
  await expectReceived(daemon, 1);
  const figures = await daemon.figures();
  expect(figures).toMatchObject({ received: 1, accepted: 0, refused: 1, put: 0 });
  expect(figures.total("problems_total")).toBe(1);
  if (code !== undefined) expect(figures.total("problems_total", { code })).toBe(1);
});

it("C-66: a body that is no JSON is sent on, and what the upstream says of it is counted", async () => {
  const body = '{"name": "torn';
  upstream.leaveUnprocessed(body, {
    Id: null,
    ErrorCode: "ParseError",
    Message: "Invalid segment. ErrorCode: ParseError",
  });
  await daemon.send(header + body);
  await expectSettled(daemon);
  await expect.poll(async () => (await daemon.figures()).unprocessed, { timeout: 20_000 }).toBe(1);
  expect(await daemon.figures()).toMatchObject({ accepted: 1, refused: 0, sent: 0 });
});

it("C-67: the largest datagram that UDP carries arrives whole", async () => {
  const frame = header.length + aDocument({ id: anId(), metadata: { text: "" } }).length;
  const document = aDocument({ metadata: { text: "x".repeat(65_507 - frame) } });
  expect(header.length + document.length).toBe(65_507);
  await daemon.send(header + document);
  await expect.poll(() => upstream.documents, { timeout: 20_000 }).toEqual([document]);
});

it("C-68: whatever is bad between two good ones costs only itself", async () => {
  const good = documents(6, 300);
  const [one, two, three, four, five, six] = good.datagrams as [string, string, string, string, string, string];
  const noise = Buffer.from(Array.from({ length: 900 }, (_, at) => (at * 151 + 7) % 256));
  await daemon.send(one, "", two, header, three, noise, four, "bad", five, `${header.trimEnd()}x\n{}`, six);
  await expectDelivered(daemon, upstream, good);
  await expect.poll(async () => (await daemon.figures()).received, { timeout: 20_000 }).toBeGreaterThanOrEqual(10);
  const figures = await daemon.figures();
  expect(figures).toMatchObject({ accepted: 6, sent: 6 });
  expect(figures.refused).toBe(figures.received - 6);
});

it("noise of every kind is counted, and good documents still arrive", async () => {
  // A generator with a fixed seed, so that a failure can be had again.
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % below;
  };
  const good = documents(300, 300);
  for (const datagram of good.datagrams) {
    const noise = Buffer.alloc(1 + random(1_400));
    for (let at = 0; at < noise.length; at += 1) noise[at] = random(256);
    const torn = Buffer.from(header.slice(0, random(header.length)) + String.fromCharCode(random(256)));
    await daemon.send(noise, datagram, torn);
    // Noise is no reason to overrun a stock socket buffer.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await expectReceived(daemon, 900);
  await expectDelivered(daemon, upstream, good);
  await expectSettled(daemon);
});

it("a burst of two thousand is taken to the last one", async () => {
  const load = documents(2_000);
  const socket = createSocket("udp4");
  try {
    await Promise.all(
      load.datagrams.map(
        (datagram) => new Promise((resolve) => socket.send(datagram, daemon.udpPort, "127.0.0.1", resolve)),
      ),
    );
    await expectReceived(daemon, 2_000);
    await expectDelivered(daemon, upstream, load);
    const figures = await daemon.figures();
    // Where the system gives the socket the room that was asked for, nothing is lost on the way either.
    if (figures.total("udp_socket_buffer_bytes") >= 8 * 2 ** 20) expect(figures.total("udp_lost_total")).toBe(0);
  } finally {
    socket.close();
  }
});

it("a UDP port that is taken ends it with one sentence that says by whom, and what to do", async () => {
  const { code, said } = await runToEnd([
    ...["-b", `127.0.0.1:${daemon.udpPort}`, "-t", `127.0.0.1:${await freePort()}`],
    ...["-o", "--to", upstream.url, "--no-spill"],
  ]);
  expect(code).toBe(1);
  expect(said).toContain(`${daemon.udpPort}`);
  expect(said).toMatch(/in use/);
  expect(said).not.toMatch(/^\s+at /m);
});

it("a TCP port that is taken is said, and segments are taken all the same", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => holder.once("listening", resolve));
  const { port } = holder.address() as { port: number };
  try {
    const half = await daemons.start({ to: [upstream.url], tcpPort: port });
    expect(half.said()).toMatch(new RegExp(`${port}.*in use|in use.*${port}`));
    const load = documents(10);
    await half.send(...load.datagrams);
    await expect.poll(() => upstream.missing(load.ids), { timeout: 20_000 }).toBe(0);
  } finally {
    holder.close();
  }
});
