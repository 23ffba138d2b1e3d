import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { aDocument, anId } from "../../test/fixtures/builders.ts";
import { type FakeUpstream, startFakeUpstream } from "../../test/fixtures/fake-upstream.ts";
import { stall, take } from "../../test/fixtures/fake-upstream-behaviour.ts";
import { silentLog } from "../log.ts";
import type { DaemonConfig } from "./daemon-config.ts";
import { Destinations } from "./destinations.ts";
import { readDaemonConfig } from "./read-daemon-config.ts";
import type { Surroundings } from "./running-destination.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const surroundings: Surroundings = {
  environment: {},
  version: "0.0.0",
  log: silentLog,
  identity: async () => ({ hostname: "", instanceId: "" }),
  door: () => ({ received: 0, refused: 0, dropped: 0 }),
  onUnprocessed: () => {},
};

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-destinations-"));
  closing.push(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function upstream(): Promise<FakeUpstream> {
  const started = await startFakeUpstream();
  closing.push(() => started.close());
  return started;
}

async function config(spill: string, ...words: string[]): Promise<DaemonConfig> {
  const order = await readDaemonConfig({ words: ["-o", "--spill-dir", spill, ...words], environment: {} });
  if (order.kind !== "run") throw new Error(JSON.stringify(order));
  return order.config;
}

async function open(configuration: DaemonConfig, more: Partial<Surroundings> = {}): Promise<Destinations> {
  const destinations = await Destinations.open(configuration, { ...surroundings, ...more });
  closing.push(() => destinations.close(0));
  return destinations;
}

const documents = (count: number): { ids: string[]; bytes: Uint8Array[] } => {
  const ids = Array.from({ length: count }, anId);
  return { ids, bytes: ids.map((id) => Buffer.from(aDocument({ id }))) };
};
const eventually = { timeout: 30_000, interval: 20 };

it("each document goes to every destination, and one that stands still holds up no other", async () => {
  const [one, two] = [await upstream(), await upstream()];
  const folder = aFolder();
  const destinations = await open(await config(folder, "--to", one.url, "--to", two.url));
  one.behave(stall);
  const { ids, bytes } = documents(120);
  destinations.put(bytes);
  await expect.poll(() => two.missing(ids), eventually).toBe(0);
  expect(one.missing(ids)).toBe(120);
  one.behave(take);
  await expect.poll(() => one.missing(ids), eventually).toBe(0);
  expect(readdirSync(folder).sort()).toEqual(
    [one, two].map(({ url }) => url.replace("://", "-").replace(":", "-")).sort(),
  );
  expect(destinations.api!.name).toBe(one.url);
});

it("a new configuration opens what is new, and closes what is gone with all it had on disk", async () => {
  const [one, two] = [await upstream(), await upstream()];
  const folder = aFolder();
  const info = vi.fn();
  const destinations = await open(await config(folder, "--to", one.url), { log: { ...silentLog, info } });
  await one.goDown();
  const early = documents(60);
  destinations.put(early.bytes);
  await expect.poll(() => destinations.status()[0]!.health.state, eventually).toBe("degraded");

  await destinations.reload(await config(folder, "--to", two.url), 100);
  expect(destinations.status().map(({ name }) => name)).toEqual([two.url]);
  expect(info.mock.calls.map(([{ text }]) => text)).toContainEqual(
    expect.stringMatching(/^60 segments .* stay on disk/),
  );
  const late = documents(10);
  destinations.put(late.bytes);
  await expect.poll(() => two.missing(late.ids), eventually).toBe(0);

  // Back again, it sends what was left.
  await one.comeUp();
  await destinations.reload(await config(folder, "--to", two.url, "--to", one.url), 100);
  await expect.poll(() => one.missing(early.ids), eventually).toBe(0);
  expect(two.missing(early.ids)).toBe(60);
});

it("a start says what is on disk for a destination that is configured no more", async () => {
  const [one, two] = [await upstream(), await upstream()];
  const folder = aFolder();
  const before = await Destinations.open(await config(folder, "--to", one.url), surroundings);
  await one.goDown();
  before.put(documents(60).bytes);
  await before.close(0);
  const warn = vi.fn();
  await open(await config(folder, "--to", two.url), { log: { ...silentLog, warn } });
  expect(warn.mock.calls.map(([{ text }]) => text)).toEqual([expect.stringContaining(folder)]);
});

it("a configuration that cannot be right changes nothing", async () => {
  const one = await upstream();
  const folder = aFolder();
  const destinations = await open(await config(folder, "--to", one.url));
  const wrong = await config(folder, "--to", one.url, "--ca-file", join(folder, "missing.pem"));
  await expect(destinations.reload(wrong, 0)).rejects.toMatchObject({ code: "FLUORO_BAD_CONFIG" });
  const { ids, bytes } = documents(3);
  destinations.put(bytes);
  await expect.poll(() => one.missing(ids), eventually).toBe(0);
});

it("a folder that cannot be used is said, and documents go out all the same", async () => {
  const one = await upstream();
  const error = vi.fn();
  // A file where a folder should be stops root as well.
  const folder = join(import.meta.filename, "spill");
  const destinations = await open(await config(folder, "--to", one.url), { log: { ...silentLog, error } });
  expect(destinations.troubles()).toEqual([expect.stringContaining(folder)]);
  expect(error.mock.calls[0]![0].text).toContain("What does not fit in memory will be lost.");
  const { ids, bytes } = documents(3);
  destinations.put(bytes);
  await expect.poll(() => one.missing(ids), eventually).toBe(0);
});
