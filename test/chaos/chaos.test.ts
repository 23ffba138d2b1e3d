import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { testDaemons } from "../e2e/running-daemon.ts";
import { chance } from "../fixtures/chance.ts";
import { freePort } from "../fixtures/free-port.ts";
import { type OwnMachine, openMachine } from "../packaging/own-machine.ts";
import { ChaosLoad, expectAll, postLoad } from "./chaos-load.ts";
import { MortalServer } from "./mortal-server.ts";

/** Of load in each test; an hour by hand: CHAOS_SECONDS=3600 npx vitest run --project chaos */
const seconds = Number(process.env.CHAOS_SECONDS ?? 10);
const rate = 1_000;
const seed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31));
const timeout = (seconds * 4 + 240) * 1_000;

const daemons = testDaemons();
const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-chaos-"));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function aServer(options: Partial<ConstructorParameters<typeof MortalServer>[1]> = {}): Promise<MortalServer> {
  const server = await MortalServer.start({ dataDir: aFolder(), ...options });
  cleanUps.push(() => server.stop("SIGKILL"));
  return server;
}

/** Does something to a running program every few seconds until the load ends. */
async function meanwhile(
  work: Promise<unknown>,
  pick: (limit: number) => number,
  harm: () => Promise<void>,
): Promise<number> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  let harmed = 0;
  while (!isDone) {
    await Promise.race([sleep(1_000 + pick(Math.max(3_000, seconds * 50))), done]);
    if (isDone) break;
    await harm();
    harmed += 1;
  }
  await done;
  return harmed;
}

it(`a server that is killed again and again keeps all that it acknowledged, once (seed ${seed})`, {
  timeout,
}, async () => {
  const server = await aServer();
  const load = new ChaosLoad(seed);
  const kills = await meanwhile(postLoad(load, { url: server.url, rate, seconds }), chance(seed), async () => {
    await server.stop("SIGKILL");
    await server.start();
  });
  expect(kills).toBeGreaterThan(0);
  await expectAll(server.url, load.sent);
  await server.stop("SIGKILL");
  await server.start();
  await expectAll(server.url, load.sent);
});

it(`a daemon loses nothing behind which the server dies, stalls and comes back (seed ${seed})`, {
  timeout,
}, async () => {
  const server = await aServer();
  const daemon = await daemons.start({ to: [server.url] });
  const load = new ChaosLoad(seed + 1);
  const pick = chance(seed + 1);
  const socket = createSocket("udp4");
  cleanUps.push(() => void socket.close());
  let sent = 0;
  const send = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      sent += 1;
      socket.send(`{"format":"json","version":1}\n${text}`, daemon.udpPort, "127.0.0.1", (error) =>
        error ? reject(error) : resolve(),
      );
    });
  const sending = async (): Promise<void> => {
    const endMs = performance.now() + seconds * 1_000;
    while (performance.now() < endMs) {
      for (const text of load.next(rate / 100)) await send(text);
      await sleep(10);
    }
    for (const text of load.rest()) {
      await send(text);
      if (sent % 20 === 0) await sleep(5);
    }
  };
  const harms = await meanwhile(sending(), pick, async () => {
    if (pick(2) === 0) {
      await server.stop("SIGKILL");
      await sleep(pick(2_000));
      await server.start();
    } else {
      server.signal("SIGSTOP");
      await sleep(pick(3_000));
      server.signal("SIGCONT");
    }
  });
  expect(harms).toBeGreaterThan(0);
  // UDP is told apart from the daemon: what the system lost never reached it.
  await expect.poll(async () => (await daemon.figures()).received, { timeout: 20_000 }).toBe(sent);
  const left = async (): Promise<number> => {
    const { waiting, spilled } = await daemon.figures();
    return waiting + spilled;
  };
  await expect.poll(left, { timeout: 120_000, interval: 200 }).toBe(0);
  expect(await daemon.figures()).toMatchObject({ dropped: 0, unprocessed: 0 });
  await expectAll(server.url, load.sent);
});

it(`a daemon and the server behind it, killed together and apart, keep all that was acknowledged, once (seed ${seed})`, {
  timeout,
}, async () => {
  const server = await aServer();
  const options = { to: [server.url], folder: daemons.folder(), udpPort: await freePort(), tcpPort: await freePort() };
  let daemon = await daemons.start(options);
  const load = new ChaosLoad(seed + 4);
  const pick = chance(seed + 4);
  // By the daemon's own API: what comes by UDP is acknowledged to nobody.
  const sending = postLoad(load, { url: daemon.url, rate: rate / 2, seconds });
  const harms = await meanwhile(sending, pick, async () => {
    const killsBoth = pick(2) === 0;
    await Promise.all([daemon.stop("SIGKILL"), killsBoth && server.stop("SIGKILL")]);
    const [started] = await Promise.all([daemons.start(options), killsBoth && server.start()]);
    daemon = started;
  });
  expect(harms).toBeGreaterThan(0);
  await expectAll(server.url, load.sent);
  // Through the daemon, too.
  await expectAll(daemon.url, load.sent);
});

it(`what was acknowledged survives a disk that is full, and goes on when there is room (seed ${seed})`, {
  timeout,
}, async (test) => {
  const machine = await openMachine();
  if ("reason" in machine) return test.skip(machine.reason);
  cleanUps.push(() => machine.close());
  const disk = "/opt/small-disk";
  await prepare(machine, disk);
  const server = await aServer({
    dataDir: `${disk}/store`,
    start: (words, environment) => machine.start(words, environment),
  });
  const load = new ChaosLoad(seed + 2);
  const sending = postLoad(load, { url: server.url, rate: 4 * rate, seconds });
  let isDone = false;
  void sending.finally(() => {
    isDone = true;
  });
  // Until it says that nothing more goes.
  await expect
    .poll(() => isDone || server.log.includes("writing to the store failed"), { timeout: 120_000, interval: 100 })
    .toBe(true);
  expect(isDone, "the disk must have become full").toBe(false);
  const health = await fetch(`${server.url}/healthz`);
  expect([200, 503]).toContain(health.status);
  await machine.run("rm", `${disk}/ballast`);
  await sending;
  await expectAll(server.url, load.sent);
});

/** A disk of its own size, nearly all of it taken. */
async function prepare(machine: OwnMachine, disk: string): Promise<void> {
  const megabytes = 64 + seconds * 8;
  const commands = [
    `mkdir -p ${disk}`,
    `mount -t tmpfs -o size=${megabytes}m tmpfs ${disk}`,
    `head -c ${megabytes - 5}M /dev/zero > ${disk}/ballast`,
  ];
  const { code, said } = await machine.run("sh", "-c", commands.join(" && "));
  expect(code, said).toBe(0);
}

const faketime = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]
  .map((folder) => `${folder}/faketime/libfaketimeMT.so.1`)
  .find(existsSync);

it(`clocks that jump by hours, forth and back, lose nothing (seed ${seed})`, { timeout }, async (test) => {
  if (faketime === undefined) {
    const reason = "libfaketime is not installed; .ci/run names its package.";
    if (process.env.CI) throw new Error(reason);
    return test.skip(reason);
  }
  const offset = join(aFolder(), "offset");
  writeFileSync(offset, "+0\n");
  const server = await aServer({
    environment: {
      LD_PRELOAD: faketime,
      FAKETIME_TIMESTAMP_FILE: offset,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    },
  });
  const load = new ChaosLoad(seed + 3);
  const pick = chance(seed + 3);
  const jumps = await meanwhile(postLoad(load, { url: server.url, rate, seconds }), pick, async () => {
    // Less than the least retention; beyond that, dropping would be right.
    writeFileSync(offset, `${pick(2) === 0 ? "+" : "-"}${pick(20 * 3_600)}\n`);
  });
  expect(jumps).toBeGreaterThan(0);
  writeFileSync(offset, "+0\n");
  await expectAll(server.url, load.sent);
});
