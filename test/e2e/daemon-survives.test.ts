import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type FakeUpstream, startFakeUpstream } from "../fixtures/fake-upstream.ts";
import { stall, take } from "../fixtures/fake-upstream-behaviour.ts";
import { documents, expectDelivered, expectReceived, expectSettled, sendEvenly } from "./daemon-load.ts";
import { testDaemons } from "./running-daemon.ts";

const daemons = testDaemons();
let upstream: FakeUpstream;
beforeEach(async () => {
  upstream = await startFakeUpstream();
});
afterEach(() => upstream.close());

it("what is on disk at kill -9 is delivered by the next start", async () => {
  await upstream.goDown();
  const killed = await daemons.start({ to: [upstream.url], flags: ["-m", "3"] });
  const load = documents(12_000);
  await sendEvenly(killed, load, 3_000);
  await expectReceived(killed, load.ids.length);
  await expect.poll(async () => (await killed.figures()).spilled, { timeout: 20_000 }).toBeGreaterThan(4_000);
  const { spilled } = await killed.figures();
  await killed.stop("SIGKILL");
  await upstream.comeUp();
  const next = await daemons.start({ to: [upstream.url], folder: killed.folder });
  await expect.poll(() => upstream.counts().distinct, { timeout: 60_000 }).toBeGreaterThanOrEqual(spilled);
  await expectSettled(next);
  const figures = await next.figures();
  expect(figures.received).toBe(0);
  expect(figures.put).toBeGreaterThanOrEqual(spilled);
  expect(figures.sent).toBe(upstream.counts().taken);
  expect(figures.dropped).toBe(0);
});

it("SIGTERM with a dead upstream ends within the deadline, and the rest is delivered by the next start", async () => {
  await upstream.goDown();
  const first = await daemons.start({ to: [upstream.url], flags: ["--shutdown-timeout", "2s"] });
  const load = documents(2_000);
  await sendEvenly(first, load, 2_000);
  await expectReceived(first, 2_000);
  const lost = (await first.figures()).total("udp_lost_total");
  const { code, tookMs } = await first.stop();
  expect(code).toBe(0);
  // The deadline, and time for a busy machine to start and stop things.
  expect(tookMs).toBeLessThan(2_000 + 8_000);
  await upstream.comeUp();
  const second = await daemons.start({ to: [upstream.url], folder: first.folder });
  await expect.poll(() => upstream.missing(load.ids), { timeout: 60_000 }).toBe(lost);
  await expectSettled(second);
});

it("SIGTERM while the upstream stalls loses nothing either, what was on its way included", async () => {
  upstream.behave(stall);
  const first = await daemons.start({ to: [upstream.url], flags: ["--shutdown-timeout", "1s"] });
  const load = documents(1_000);
  await sendEvenly(first, load, 2_000);
  await expectReceived(first, 1_000);
  const lost = (await first.figures()).total("udp_lost_total");
  expect((await first.stop()).code).toBe(0);
  upstream.behave(take);
  await daemons.start({ to: [upstream.url], folder: first.folder });
  await expect.poll(() => upstream.missing(load.ids), { timeout: 60_000 }).toBe(lost);
});

it("SIGTERM with a live upstream leaves nothing behind", async () => {
  const daemon = await daemons.start({ to: [upstream.url] });
  const load = documents(500);
  await sendEvenly(daemon, load, 2_000);
  await expectReceived(daemon, 500);
  const lost = (await daemon.figures()).total("udp_lost_total");
  expect((await daemon.stop()).code).toBe(0);
  expect(upstream.missing(load.ids)).toBe(lost);
});

it("a spill that was cut in the middle of a record costs only that record, and is counted", async () => {
  await upstream.goDown();
  const first = await daemons.start({ to: [upstream.url], flags: ["--shutdown-timeout", "0s"] });
  const load = documents(1_000);
  await sendEvenly(first, load, 2_000);
  await expectReceived(first, 1_000);
  const { received } = await first.figures();
  expect((await first.stop()).code).toBe(0);
  const [file, size] = largestFile(join(first.folder, "spill"));
  spawnSync("truncate", ["-s", String(size - 700), file]);
  await upstream.comeUp();
  const second = await daemons.start({ to: [upstream.url], folder: first.folder });
  await expectSettled(second);
  const damaged = (await second.figures()).total("forward_dropped_total", { reason: "SpillDamaged" });
  expect(damaged).toBeGreaterThan(0);
  expect(damaged).toBeLessThanOrEqual(50);
  expect(upstream.counts().distinct + damaged).toBe(received);
});

it("a full disk is said, what no longer fits is counted, and the rest is delivered", async ({ skip }) => {
  const folder = daemons.folder();
  const spill = join(folder, "spill");
  mkdirSync(spill);
  const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m,mode=0777", "tmpfs", spill], { encoding: "utf8" });
  if (mount.status !== 0) {
    const reason = `No small file system can be mounted here (${mount.stderr?.trim() || mount.error}): run as root.`;
    if (process.env.CI) throw new Error(reason);
    console.log(reason);
    skip(reason);
  }
  try {
    await upstream.goDown();
    const daemon = await daemons.start({ to: [upstream.url], folder, flags: ["-m", "3"] });
    const load = documents(9_000);
    await sendEvenly(daemon, load, 3_000);
    await expectReceived(daemon, load.ids.length);
    await expect.poll(async () => (await daemon.figures()).dropped, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(daemon.said()).toMatch(/ENOSPC|no space|full/i);
    expect((await daemon.health()).text).toMatch(/ENOSPC|no space|full|spill/i);
    expect((await daemon.figures()).imbalance).toBe(0);
    await upstream.comeUp();
    await expectSettled(daemon);
    const { accepted, sent, dropped, turnedAway } = await daemon.figures();
    expect(sent + dropped + turnedAway).toBe(accepted);
    expect(sent).toBeGreaterThan(2_000);
    expect(upstream.counts().distinct).toBe(sent);
    const after = documents(50);
    await daemon.send(...after.datagrams);
    await expectDelivered(daemon, upstream, after);
    await daemon.stop();
  } finally {
    spawnSync("umount", ["-l", spill]);
  }
});

it("SIGHUP opens the log file anew and reads the configuration again", async () => {
  const folder = daemons.folder();
  const log = join(folder, "xray.log");
  const other = await startFakeUpstream();
  const config = (to: string): string => `Version: 2\nFluoroscope:\n  To: ["${to}"]\n`;
  try {
    const daemon = await daemons.start({ folder, config: config(upstream.url), flags: ["-f", log] });
    const before = documents(20);
    await daemon.send(...before.datagrams);
    await expectDelivered(daemon, upstream, before);
    renameSync(log, `${log}.1`);
    writeFileSync(join(folder, "cfg.yaml"), config(other.url));
    daemon.signal("SIGHUP");
    await expect
      .poll(() => existsSync(log) && readFileSync(log, "utf8").length, { timeout: 20_000 })
      .toBeGreaterThan(0);
    const after = documents(20);
    await daemon.send(...after.datagrams);
    await expectDelivered(daemon, other, after);
    expect(upstream.counts().distinct).toBe(20);
  } finally {
    await other.close();
  }
});

it("SIGHUP with a broken configuration is said, and changes nothing", async () => {
  const folder = daemons.folder();
  const config = `Version: 2\nFluoroscope:\n  To: ["${upstream.url}"]\n`;
  const daemon = await daemons.start({ folder, config });
  writeFileSync(join(folder, "cfg.yaml"), "Version: 2\nConcurency: 9\n");
  daemon.signal("SIGHUP");
  await expect.poll(() => daemon.said(), { timeout: 20_000 }).toContain("Concurency");
  const load = documents(20);
  await daemon.send(...load.datagrams);
  await expectDelivered(daemon, upstream, load);
});

function largestFile(folder: string): [path: string, size: number] {
  const { stdout } = spawnSync("find", [folder, "-type", "f", "-printf", "%s %p\n"], { encoding: "utf8" });
  const [line] = stdout
    .trim()
    .split("\n")
    .sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10));
  const [size, ...path] = line!.split(" ");
  return [path.join(" "), Number(size)];
}
