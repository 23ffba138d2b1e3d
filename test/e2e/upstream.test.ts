import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { GetServiceGraphResponse, Problems, Status, UpstreamStatus } from "../../src/api/wire.ts";
import { readConfig } from "../../src/config.ts";
import { type Running, up } from "../../src/up.ts";
import { aDocument } from "../fixtures/builders.ts";
import { startFakeUpstream } from "../fixtures/fake-upstream.ts";
import { failures } from "../fixtures/fake-upstream-behaviour.ts";
import { freePort } from "../fixtures/free-port.ts";
import { noBrowserReason, openChromium, openPage, sendDocuments } from "./console-browser.ts";
import { anOrder } from "./console-traces.ts";
import { cli } from "./run-cli.ts";

const eventually = { timeout: 30_000 };
let folder: string;
/** Closed in the end, last opened first. */
let opened: { close(): Promise<void> }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fluoroscope-upstream-"));
  opened = [];
  return async () => {
    for (const each of opened.toReversed()) await each.close();
    rmSync(folder, { recursive: true });
  };
});

/** A fluoroscope in this process, as its command would start it: nothing of ours in AWS's environment. */
async function start(flags: Record<string, string>, environment: Record<string, string> = {}): Promise<Running> {
  const { config } = readConfig({ flags: { port: "0", ephemeral: "true", ...flags }, environment: { HOME: folder } });
  const running = await up(config, { environment });
  opened.push(running);
  return running;
}

/** One that keeps its data in a folder of this name, and so over a stop. */
const kept = (name: string): Record<string, string> => ({ ephemeral: "false", dataDir: join(folder, name) });

const get = async <T>({ addresses }: Running, path: string): Promise<T> =>
  (await fetch(addresses.http + path)).json() as Promise<T>;

const status = (running: Running): Promise<Status> => get(running, "/api/status");

async function post<T>({ addresses }: Running, path: string, body: object): Promise<{ status: number; body: T }> {
  const answer = await fetch(addresses.http + path, { method: "POST", body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as T };
}

function documents(count: number, from = 0): string[] {
  const now = Date.now() / 1000;
  return Array.from({ length: count }, (_, n) => {
    const trace_id = `1-${Math.floor(now).toString(16)}-${(from + n).toString(16).padStart(24, "0")}`;
    return aDocument({ trace_id, start_time: now - 1, end_time: now });
  });
}

const segmentsOf = async (running: Running): Promise<number> => (await status(running)).store.segments;

/** What `put` says is all accounted for. */
function expectBalance({ put, sent, unprocessed, dropped, waiting, spilled }: UpstreamStatus): void {
  expect(sent + unprocessed + dropped + waiting + spilled).toBe(put);
}

describe("an upstream beside the store", () => {
  it("gets what is stored here, over UDP and HTTP alike, and nothing that is refused", async () => {
    const far = await start({});
    const near = await start({ upstream: far.addresses.http });
    await sendDocuments(near.addresses.udp, [...documents(40), "{}"]);
    await post(near, "/TraceSegments", { TraceSegmentDocuments: [...documents(10, 100), "{"] });
    await expect.poll(() => segmentsOf(far), eventually).toBe(50);
    const { store, upstream, counters } = await status(near);
    expect(store.segments).toBe(50);
    expect(counters).toMatchObject({ refused: 2, stored: 50 });
    expect(upstream).toEqual({
      name: far.addresses.http,
      remote: false,
      put: 50,
      sent: 50,
      unprocessed: 0,
      dropped: 0,
      waiting: 0,
      spilled: 0,
    });
    const metrics = await (await fetch(`${near.addresses.http}/metrics`)).text();
    expect(metrics).toContain(`fluoroscope_forward_sent_total{way_out="${far.addresses.http}"} 50\n`);
    expect(await get(near, "/healthz")).toEqual({ status: "ok" });
  });

  it("that is stopped and started again has missed nothing, and meanwhile health says what is wrong", async () => {
    const port = String(await freePort());
    const far = await start({ port, ...kept("far") });
    const near = await start({ upstream: far.addresses.http, ...kept("near") });
    await sendDocuments(near.addresses.udp, documents(100));
    await expect.poll(() => segmentsOf(far), eventually).toBe(100);
    await far.close();
    await sendDocuments(near.addresses.udp, documents(400, 100));
    await expect
      .poll(async () => (await status(near)).upstream, eventually)
      .toMatchObject({ put: 500, trouble: expect.stringContaining("connection refused") });
    expectBalance((await status(near)).upstream!);
    const health = await fetch(`${near.addresses.http}/healthz`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: "degraded", reasons: [expect.stringContaining(port)] });
    const back = await start({ port, ...kept("far") });
    await expect.poll(() => segmentsOf(back), eventually).toBe(500);
    await expect.poll(async () => (await status(near)).upstream?.sent, eventually).toBe(500);
    expect(await segmentsOf(near)).toBe(500);
    expect((await status(near)).upstream).not.toHaveProperty("trouble");
  });

  it("gets after the next start what could not be sent before the stop", async () => {
    const port = String(await freePort());
    const flags = { upstream: `http://127.0.0.1:${port}`, ...kept("near") };
    const near = await start(flags);
    await sendDocuments(near.addresses.udp, documents(300));
    await near.close();
    const far = await start({ port });
    const again = await start(flags);
    await expect.poll(() => segmentsOf(far), eventually).toBe(300);
    await expect
      .poll(async () => (await status(again)).upstream, eventually)
      .toMatchObject({ put: 300, sent: 300, spilled: 0 });
  });

  it("that will not take a document explains it among the problems", async () => {
    const far = await startFakeUpstream();
    opened.push(far);
    far.leaveUnprocessed("00000000000000aa", { Id: "00000000000000aa", ErrorCode: "Odd", Message: "too odd" });
    const near = await start({ upstream: far.url });
    await sendDocuments(near.addresses.udp, [aDocument({ id: "00000000000000aa" }), aDocument()]);
    await expect
      .poll(() => get<Problems>(near, "/api/problems"), eventually)
      .toMatchObject({
        counts: { Odd: 1 },
        problems: [{ code: "Odd", message: "too odd", source: far.url, segmentId: "00000000000000aa" }],
      });
    expect((await status(near)).upstream).toMatchObject({ put: 2, unprocessed: 1 });
  });

  it("that is this fluoroscope itself is refused before anything is opened", async () => {
    const port = String(await freePort());
    await expect(start({ port, upstream: `http://localhost:${port}` })).rejects.toMatchObject({
      code: "FLUORO_BAD_CONFIG",
    });
  });
});

describe("an X-Ray API in the place of the store", () => {
  it("has its map, lists and traces shown by the command line, and keeps what is sent here", async () => {
    const far = await start({});
    const near = await start({ upstream: far.addresses.http, noStore: "true" });
    const { id, documents } = anOrder({ fails: true });
    await sendDocuments(near.addresses.udp, [...documents, ...anOrder().documents]);
    await expect.poll(() => segmentsOf(far), eventually).toBe(4);
    expect((await status(near)).upstream).toMatchObject({ name: far.addresses.http, remote: true, sent: 4 });

    const run = async (...words: string[]): Promise<string> => {
      const { code, stdout, stderr } = await cli([...words, "--endpoint", near.addresses.http]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return stdout;
    };
    const asked = await cli(["map", "--json", "--endpoint", far.addresses.http]);
    expect(JSON.parse(await run("map", "--json")).Services).toEqual(JSON.parse(asked.stdout).Services);
    expect(await run("map")).toMatch(/web.*orders/s);
    expect(JSON.parse(await run("map", "fault", "--json")).Services).toHaveLength(4);
    const traces = JSON.parse(await run("traces", "fault", "--json"));
    expect(traces.map(({ Id }: { Id: string }) => Id)).toEqual([id]);
    const trace = await run("trace", id);
    expect(trace).toMatch(/web +500 GET/);
    expect(trace).toContain("no price for");
  });

  it("is passed operations that we do not know, and answers for itself", async () => {
    const far = await startFakeUpstream();
    opened.push(far);
    const near = await start({ upstream: far.url, noStore: "true" });
    far.behave({ kind: "answer", status: 200, body: '{"Whatever":1}' }, "/SomethingNew");
    expect(await post(near, "/SomethingNew?a=1", { A: 1.5 })).toEqual({ status: 200, body: { Whatever: 1 } });
    const request = far.requests.find(({ path }) => path === "/SomethingNew?a=1");
    expect(request?.body.toString()).toBe('{"A":1.5}');
    far.behave(failures.accessDenied, "/SomethingNew");
    expect(await post(near, "/SomethingNew", {})).toEqual({
      status: 403,
      body: { Message: "AccessDeniedException: as the test wants it" },
    });
    await far.goDown();
    const down = await post<{ Message: string }>(near, "/TraceSummaries", {});
    expect(down.status).toBe(502);
    expect(down.body.Message).toContain("connection refused");
    expect(await get(near, "/healthz")).toMatchObject({ status: "degraded" });
  });

  it("tells who listens of new traces, although it has no stream", async () => {
    const far = await start({});
    const near = await start({ upstream: far.addresses.http, noStore: "true" });
    const listening = new AbortController();
    const stream = await fetch(`${near.addresses.http}/events`, { signal: listening.signal });
    const events = { text: "" };
    const reading = (async () => {
      for await (const chunk of stream.body!) events.text += Buffer.from(chunk).toString();
    })().catch(() => "the test has heard enough");
    // The first look only finds out what there is, and nobody knows when it is over: so one after the other.
    const sent: string[] = [];
    const heard = async (): Promise<string> => {
      const { id, documents } = anOrder();
      sent.push(id);
      await sendDocuments(far.addresses.udp, documents);
      return events.text;
    };
    await expect.poll(heard, { ...eventually, interval: 1_000 }).toMatch(/event: map\n/);
    const [, told = ""] = /event: trace\ndata: (.*)\n/.exec(events.text) ?? [];
    expect(sent).toEqual(expect.arrayContaining(JSON.parse(told).map(({ Id }: { Id: string }) => Id)));
    expect(JSON.parse(told).length).toBeGreaterThan(0);
    listening.abort();
    await reading;
  });
});

describe("AWS X-Ray, or what speaks like it", () => {
  const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG" };

  it("does not know our filtered maps and figures, so they are made of its traces", async () => {
    const far = await start({});
    const near = await start(
      { upstream: "aws", upstreamEndpoint: far.addresses.http, region: "eu-west-1", noStore: "true" },
      keys,
    );
    await sendDocuments(far.addresses.udp, [...anOrder({ fails: true }).documents, ...anOrder().documents]);
    const now = Date.now() / 1000;
    const range = { StartTime: now - 60, EndTime: now + 60 };
    for (const FilterExpression of ["fault", 'service("orders")', "http.status = 404"]) {
      const question = { ...range, FilterExpression };
      expect(await post(near, "/ServiceGraph", question)).toEqual(await post(far, "/ServiceGraph", question));
      const figures = { ...question, Period: 60, EntitySelectorExpression: 'service("orders")' };
      const path = "/TimeSeriesServiceStatistics";
      expect(await post(near, path, figures)).toEqual(await post(far, path, figures));
    }
    const lines = await fetch(`${near.addresses.http}/ServiceGraph`, {
      method: "POST",
      body: JSON.stringify({ ...range, FilterExpression: "fault" }),
      headers: { accept: "application/x-ndjson" },
    });
    const last = (await lines.text()).trim().split("\n").at(-1)!;
    expect(JSON.parse(last) as GetServiceGraphResponse).toMatchObject({ Final: true, Services: { length: 4 } });
    expect(await post(near, "/ServiceGraph", { ...range, FilterExpression: "fault AND" })).toMatchObject({
      status: 400,
      body: { Position: expect.any(Number) },
    });
  });

  it("is not looked for where clients of this machine are told to find us", async () => {
    const clients = { AWS_ENDPOINT_URL_XRAY: "http://127.0.0.1:2000", AWS_ENDPOINT_URL: "http://127.0.0.1:2000" };
    const far = await startFakeUpstream();
    opened.push(far);
    const near = await start({ upstream: "aws", upstreamEndpoint: far.url }, { ...keys, ...clients });
    await sendDocuments(near.addresses.udp, documents(1));
    await expect.poll(() => far.counts().taken, eventually).toBe(1);
  });

  it("is waited for while it denies access, and the status says so", async () => {
    const far = await startFakeUpstream();
    opened.push(far);
    far.behave(failures.accessDenied, "/TraceSegments");
    const near = await start({ upstream: "aws", upstreamEndpoint: far.url }, keys);
    await sendDocuments(near.addresses.udp, documents(3));
    await expect
      .poll(async () => (await status(near)).upstream, eventually)
      .toMatchObject({ put: 3, sent: 0, trouble: expect.stringContaining("AccessDeniedException") });
    expectBalance((await status(near)).upstream!);
  });
});

const reason = noBrowserReason();
describe("the console", () => {
  beforeEach(({ skip }) => {
    if (reason !== undefined) skip(reason);
  });

  it("shows map and trace of an X-Ray API elsewhere, says whose they are, and follows", async () => {
    const browser = await openChromium();
    opened.push(browser);
    const far = await start({});
    const near = await start({ upstream: far.addresses.http, noStore: "true" });
    const { page, troubles } = await openPage(browser, near.addresses.http);
    await page.goto(near.addresses.http);
    const { id, documents } = anOrder();
    await sendDocuments(far.addresses.udp, documents);
    const orders = page.getByRole("table", { name: "Services" }).getByRole("row", { name: /^orders Service/ });
    await orders.waitFor({ state: "attached", timeout: 30_000 });
    expect(await page.getByRole("list", { name: "Upstream" }).textContent()).toBe(`traces of ${far.addresses.http}`);
    await page.goto(`${near.addresses.http}/trace/${id}`);
    await page.getByText("orders@db").first().waitFor();
    expect(troubles).toEqual([]);
  });
});
