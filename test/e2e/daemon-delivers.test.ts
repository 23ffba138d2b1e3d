import { afterEach, beforeEach, expect, it } from "vitest";
import { type FakeUpstream, startFakeUpstream } from "../fixtures/fake-upstream.ts";
import { type Behaviour, failure, failures, nonsense, stall, take } from "../fixtures/fake-upstream-behaviour.ts";
import { documents, expectDelivered, expectReceived, expectSettled, sendEvenly } from "./daemon-load.ts";
import { testDaemons } from "./running-daemon.ts";

const daemons = testDaemons();
let upstream: FakeUpstream;
beforeEach(async () => {
  upstream = await startFakeUpstream();
});
afterEach(() => upstream.close());

it("documents arrive as they were sent, at most fifty a request", async () => {
  const daemon = await daemons.start({ to: [upstream.url] });
  const load = documents(500, 300);
  await sendEvenly(daemon, load, 2_000);
  await expectDelivered(daemon, upstream, load);
  await expectSettled(daemon);
  const sent = new Set(load.datagrams.map((datagram) => datagram.slice(datagram.indexOf("\n") + 1)));
  expect(upstream.documents.every((document) => sent.has(document))).toBe(true);
  const sizes = upstream.requests.map(({ body }) => JSON.parse(body.toString()).TraceSegmentDocuments.length as number);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(50);
  const figures = await daemon.figures();
  expect(figures).toMatchObject({ refused: 0, unprocessed: 0, dropped: 0, sent: figures.received });
});

it("a lone document does not wait for others", async () => {
  const daemon = await daemons.start({ to: [upstream.url] });
  const load = documents(1);
  await daemon.send(...load.datagrams);
  await expectDelivered(daemon, upstream, load, { withinMs: 15_000 });
});

it("an upstream that is down for twelve seconds under load costs nothing", async () => {
  const daemon = await daemons.start({ to: [upstream.url], flags: ["-m", "3"] });
  const load = documents(15_000);
  const sending = sendEvenly(daemon, load, 1_000);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await upstream.goDown();
  await new Promise((resolve) => setTimeout(resolve, 8_000));
  // More has come than memory may hold, so this is on disk by now.
  await expect.poll(async () => (await daemon.figures()).spilled, { timeout: 10_000 }).toBeGreaterThan(0);
  const { status, text } = await daemon.health();
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({
    status: "degraded",
    reasons: [expect.stringContaining("connection refused")],
  });
  expect((await fetch(`${daemon.url}/healthz?strict`)).status).toBe(503);
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  await upstream.comeUp();
  await sending;
  await expectDelivered(daemon, upstream, load);
  await expectSettled(daemon);
  expect(await daemon.figures()).toMatchObject({ dropped: 0, unprocessed: 0, refused: 0 });
  expect((await daemon.figures()).total("forward_failures_total")).toBeGreaterThan(0);
});

it("an upstream that accepts and says nothing for six seconds costs nothing", async () => {
  const daemon = await daemons.start({ to: [upstream.url] });
  const load = documents(8_000);
  upstream.behave(stall);
  const sending = sendEvenly(daemon, load, 1_000);
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  upstream.behave(take);
  await sending;
  await expectDelivered(daemon, upstream, load);
});

it("an upstream 200 ms away keeps up", async () => {
  const daemon = await daemons.start({ to: [upstream.url] });
  upstream.behave({ kind: "take", latencyMs: 200 });
  const load = documents(10_000);
  await sendEvenly(daemon, load, 2_000);
  await expectDelivered(daemon, upstream, load);
  await expectSettled(daemon);
  expect(await daemon.figures()).toMatchObject({ dropped: 0 });
});

it.each<[string, Behaviour]>([
  ["429", failures.throttled],
  ["500", failures.internal],
  ["503 with Retry-After", failure(503, "ServiceUnavailable", { "Retry-After": "1" })],
  ["a page of a captive portal", nonsense.html],
  ["half a JSON", nonsense.notJson],
  ["something that is no HTTP", nonsense.noise],
  ["a connection cut before the answer", nonsense.resetAtStart],
  ["a connection cut in the answer", nonsense.resetInMiddle],
])("%s is tried again until it works", async (_, behaviour) => {
  const daemon = await daemons.start({ to: [upstream.url] });
  upstream.next(behaviour, behaviour, behaviour);
  const load = documents(120, 300);
  await sendEvenly(daemon, load, 2_000);
  await expectDelivered(daemon, upstream, load);
  await expectSettled(daemon);
  const figures = await daemon.figures();
  expect(figures).toMatchObject({ dropped: 0, unprocessed: 0 });
  expect(figures.total("forward_retries_total")).toBeGreaterThan(0);
});

it("an answer that drips is given up and sent again", async () => {
  const daemon = await daemons.start({ to: [upstream.url] });
  upstream.behave({ kind: "drip", everyMs: 2_000 });
  const load = documents(10, 300);
  await daemon.send(...load.datagrams);
  await expect
    .poll(async () => (await daemon.figures()).total("forward_failures_total", { kind: "timeout" }), {
      timeout: 60_000,
    })
    .toBeGreaterThan(0);
  upstream.behave(take);
  await expectDelivered(daemon, upstream, load);
  await expectSettled(daemon);
});

it("one bad document among good ones is found, counted and explained; the others are taken", async () => {
  const daemon = await daemons.start({ to: [upstream.url] });
  const load = documents(100, 300);
  const bad = load.ids[37]!;
  upstream.refuse(bad);
  await daemon.send(...load.datagrams);
  await expectSettled(daemon);
  const figures = await daemon.figures();
  expect(figures).toMatchObject({ sent: 99, unprocessed: 1, dropped: 0 });
  expect(upstream.missing(load.ids)).toBe(1);
  expect(upstream.missing([bad])).toBe(1);
  expect(daemon.said()).toContain(bad);
});

it("what the upstream leaves unprocessed is counted by code and explained, one by one", async () => {
  const daemon = await daemons.start({ to: [upstream.url] });
  const load = documents(60, 300);
  upstream.leaveUnprocessed(load.ids[3]!, {
    ErrorCode: "InvalidName",
    Message: "Invalid segment. ErrorCode: InvalidName",
  });
  upstream.leaveUnprocessed(load.ids[44]!, { ErrorCode: "MissingEndTime", Message: "Invalid segment." });
  await daemon.send(...load.datagrams);
  await expectSettled(daemon);
  const figures = await daemon.figures();
  expect(figures).toMatchObject({ sent: 58, unprocessed: 2 });
  expect(figures.total("forward_unprocessed_total", { code: "InvalidName" })).toBe(1);
  expect(figures.total("forward_unprocessed_total", { code: "MissingEndTime" })).toBe(1);
  expect(daemon.said()).toContain(load.ids[3]);
  expect(daemon.said()).toContain("MissingEndTime");
});

it("a request that is too large is sent in parts, and the document that fits nowhere is counted", async () => {
  const daemon = await daemons.start({ to: [upstream.url] });
  upstream.limitBody(20_000);
  const small = documents(50, 1_000);
  const large = documents(1, 40_000);
  await daemon.send(...small.datagrams, ...large.datagrams);
  await expectDelivered(daemon, upstream, small);
  await expectSettled(daemon);
  expect(await daemon.figures()).toMatchObject({ sent: 50, unprocessed: 1, dropped: 0 });
});

it("of two destinations the live one gets all at once, and the dead one all later", async () => {
  const other = await startFakeUpstream();
  try {
    await other.goDown();
    const daemon = await daemons.start({ to: [upstream.url, other.url], flags: ["-m", "3"] });
    const load = documents(8_000);
    await sendEvenly(daemon, load, 2_000);
    await expectDelivered(daemon, upstream, load);
    expect(other.counts().taken).toBe(0);
    await other.comeUp();
    await expectDelivered(daemon, other, load);
    await expectSettled(daemon);
    const { waysOut, accepted } = await daemon.figures();
    expect(waysOut.map(({ put, sent }) => [put, sent])).toEqual([
      [accepted, accepted],
      [accepted, accepted],
    ]);
  } finally {
    await other.close();
  }
});

it("a host that does not exist is waited for, and said", async () => {
  const daemon = await daemons.start({ to: ["http://no-such-host.invalid"] });
  const load = documents(20);
  await daemon.send(...load.datagrams);
  await expectReceived(daemon, 20);
  await expect
    .poll(async () => (await daemon.figures()).total("forward_failures_total", { kind: "unknownHost" }), {
      timeout: 30_000,
    })
    .toBeGreaterThan(0);
  await expect.poll(async () => (await daemon.health()).text, { timeout: 60_000 }).toContain("no-such-host.invalid");
  const { waiting, spilled, dropped } = await daemon.figures();
  expect({ kept: waiting + spilled, dropped }).toEqual({ kept: 20, dropped: 0 });
});
