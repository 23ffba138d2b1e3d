import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import type { ApiServer } from "./api/server.ts";
import type { Status } from "./api/wire.ts";
import type { Config } from "./config.ts";
import { bindError } from "./daemon/bind-error.ts";
import { type LoopStall, watchLoopStall } from "./daemon/loop-stall.ts";
import { listenUdp, type UdpListener } from "./daemon/udp-listener.ts";
import { FluoroscopeError } from "./errors.ts";
import { Ingest } from "./ingest/ingest.ts";
import { type Log, silentLog } from "./log.ts";
import { SamplingTargets } from "./sampling/targets.ts";
import { memorySettings } from "./settings/memory-settings.ts";
import { settingsFile } from "./settings/settings-file.ts";
import { openStore } from "./store/open-store.ts";
import type { TraceStore } from "./store/trace-store.ts";
import { isLoopback } from "./xray/trust-caller.ts";

/** A running fluoroscope. */
export interface Running {
  /** Where it listens, as `127.0.0.1:2000` and `http://127.0.0.1:2000`. */
  readonly addresses: { readonly udp: string; readonly http: string };
  /** Takes nothing more, writes what waits, closes everything. May be called twice. */
  close(): Promise<void>;
}

const pruneMs = 60_000;
/** A number that is free for UDP may be taken for TCP: with port 0, others are tried. */
const portAttempts = 10;

/**
 * Configuration in, running fluoroscope out: UDP and HTTP lead to one door, the door to one store, and the API asks it.
 *
 * @example
 * const running = await up(readConfig({ flags: { port: "0", ephemeral: "true" } }).config);
 * console.log(running.addresses.http);
 * await running.close();
 */
export async function up(config: Config, { log = silentLog }: { log?: Log } = {}): Promise<Running> {
  const { host } = config;
  checkExposure(config, log);
  const startedMs = Date.now();
  // The server's libraries load while the store opens.
  const [store, { createApiServer }] = await Promise.all([openedStore(config, log), import("./api/server.ts")]);
  const ingest = new Ingest(store, { queueBytes: config.queueBytes, log });
  const version = packageVersion();
  const status = async (): Promise<Status> => ({
    version,
    uptimeSeconds: Math.round((Date.now() - startedMs) / 1000),
    addresses,
    counters: ingest.counters(),
    store: await store.usage(),
    readOnly: false,
    receiver: receiverStatus(udp, stall),
  });
  const settings = config.ephemeral ? memorySettings() : settingsFile(join(config.dataDir, "settings.json"));
  const api = { store, ingest, settings, targets: new SamplingTargets(), config, log, now: Date.now };
  const server = await createApiServer({ api, host, status });

  const stall = watchLoopStall();
  let udp: UdpListener;
  try {
    udp = await listenOnBoth(server, (port) => listenUdp({ host, port, ingest, log }), config);
  } catch (error) {
    await closeAll(server, ingest, store);
    throw error;
  }
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${udp.port}`;
  const addresses = { udp: authority, http: `http://${authority}` };
  const pruning = setInterval(() => prune(store, log), pruneMs);
  pruning.unref();
  const text = `fluoroscope is ready: console ${addresses.http}, X-Ray UDP ${addresses.udp}`;
  log.info({ text, addresses, ...(!config.ephemeral && { dataDir: config.dataDir }) }, "ready");

  let closed: Promise<void> | undefined;
  return {
    addresses,
    close() {
      closed ??= (async () => {
        clearInterval(pruning);
        await udp.close();
        await closeAll(server, ingest, store);
        stall.close();
      })();
      return closed;
    },
  };
}

/** The store, asked one thing already: what is wrong with its folder is said before anybody sends anything. */
async function openedStore(config: Config, log: Log): Promise<TraceStore> {
  const dataDir = config.ephemeral ? undefined : config.dataDir;
  const store = await openStore({ dataDir, retentionSeconds: config.retention, maxBytes: config.maxSize, log });
  try {
    await store.usage();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

/** Everyone who reaches the port may do everything, so only this machine may, unless its owner says otherwise. */
function checkExposure({ host, unsafeNoAuth }: Config, log: Log): void {
  if (isLoopback(host)) return;
  if (!unsafeNoAuth) {
    const message =
      `Listening on ${host} would let everyone who reaches it read and write all traces. ` +
      "Leave --host at 127.0.0.1, or say --unsafe-no-auth if only trusted machines can reach it.";
    throw new FluoroscopeError("FLUORO_BAD_CONFIG", message);
  }
  log.warn({ host }, "everyone who reaches this address may read and write all traces");
}

/** UDP and TCP get the same number. UDP first: a free number for it is the rarer one to be taken on the other side. */
async function listenOnBoth(
  server: ApiServer,
  openUdp: (port: number) => Promise<UdpListener>,
  { host, port }: Config,
): Promise<UdpListener> {
  for (let attempt = 1; ; attempt += 1) {
    const udp = await openUdp(port).catch((error: unknown) => {
      throw bindError(error, "udp", host, port);
    });
    try {
      await server.listen(udp.port);
      return udp;
    } catch (error) {
      await udp.close();
      if (port !== 0 || attempt === portAttempts) throw bindError(error, "tcp", host, udp.port);
    }
  }
}

/** In the order in which a document travels, so that nothing that was taken is left behind. */
async function closeAll(server: ApiServer, ingest: Ingest, store: TraceStore): Promise<void> {
  await Promise.all([server.close(), ingest.close()]);
  await store.close();
}

function receiverStatus(udp: UdpListener, stall: LoopStall): Status["receiver"] {
  const lostBySystem = udp.lostBySystem();
  return {
    maxStallMs: stall.maxMs(),
    ...(lostBySystem !== undefined && { lostBySystem }),
    socketBufferBytes: udp.socketBufferBytes,
  };
}

async function prune(store: TraceStore, log: Log): Promise<void> {
  try {
    await store.prune(Date.now() / 1000);
  } catch (error) {
    log.warn({ error: error instanceof Error ? error.message : String(error) }, "removing old traces failed");
  }
}

function packageVersion(): string {
  // One level up from `src` as from `dist`.
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return String((manifest as { version?: unknown }).version);
}
