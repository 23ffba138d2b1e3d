import { existsSync, readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { type AccessKeys, readAccessKeys } from "./api/access-keys.ts";
import { admitWriters } from "./api/admit-writers.ts";
import { alertNotifier } from "./api/alert-notifier.ts";
import { auditFile, openAuditLog } from "./api/audit-log.ts";
import { readingOptions } from "./api/groups.ts";
import { insightNotifier } from "./api/insight-notifier.ts";
import type { McpService } from "./api/mcp-routes.ts";
import type { Remote } from "./api/remote-operations.ts";
import type { ApiServer } from "./api/server.ts";
import type { Status } from "./api/wire.ts";
import type { Keeps } from "./api/wire-settings.ts";
import type { Config, Environment } from "./config.ts";
import { bindError } from "./daemon/bind-error.ts";
import { type LoopStall, watchLoopStall } from "./daemon/loop-stall.ts";
import { listenUdp, type UdpListener } from "./daemon/udp-listener.ts";
import { FluoroscopeError } from "./errors.ts";
import type { FilterOptions } from "./filter/parser.ts";
import { Ingest, type Sink } from "./ingest/ingest.ts";
import { watchAlerts } from "./insights/alert-watcher.ts";
import { noInsights } from "./insights/insight.ts";
import { watchInsights } from "./insights/insight-watcher.ts";
import { type Log, silentLog } from "./log.ts";
import { lastKnown } from "./nodes/last-known.ts";
import type { Nodes } from "./nodes/open-nodes.ts";
import type { Otlp, OtlpPort } from "./otlp/open-otlp.ts";
import { SamplingTargets } from "./sampling/targets.ts";
import { documentFile } from "./settings/document-file.ts";
import { type DocumentStore, documentInMemory } from "./settings/document-store.ts";
import { initialSettings, type Settings } from "./settings/settings.ts";
import { openStore } from "./store/open-store.ts";
import type { TraceStore } from "./store/trace-store.ts";
import type { KeepPolicy } from "./tail-sampling/keep-policy.ts";
import type { TailSampling } from "./tail-sampling/open-tail-sampling.ts";
import { checkUpstream } from "./upstream/check-upstream.ts";
import { forwardAccepted } from "./upstream/forward-accepted.ts";
import type { Upstream, UpstreamSurroundings } from "./upstream/open-upstream.ts";
import { warnOfEarlierUpstreams } from "./upstream/spill-folder.ts";
import { upstreamStatus } from "./upstream/upstream-status.ts";
import { isLoopback } from "./xray/trust-caller.ts";

/** A running fluoroscope. */
export interface Running {
  /** Where it listens, as `127.0.0.1:2000` and `http://127.0.0.1:2000`. */
  readonly addresses: Status["addresses"];
  /** Takes nothing more, writes what waits, closes everything. May be called twice. */
  close(): Promise<void>;
}

export interface UpOptions {
  readonly log?: Log;
  /** What AWS's credentials and proxies are read from, with an upstream. */
  readonly environment?: Environment;
}

const pruneMs = 60_000;
/** What has come in gets this long to be sent on when it ends; the rest waits on disk. */
const drainMs = 5_000;
/** Where OpenTelemetry's exporters send to unless they are told otherwise. */
const usualOtlpPorts = { http: 4318, grpc: 4317 };
/** A number that is free for UDP may be taken for TCP: with port 0, others are tried. */
const portAttempts = 10;

/**
 * Configuration in, running fluoroscope out: UDP, HTTP and OpenTelemetry's ports lead to one door, the door to one store,
 * and the API asks it.
 *
 * @example
 * const running = await up(readConfig({ flags: { port: "0", ephemeral: "true" } }).config);
 * console.log(running.addresses.http);
 * await running.close();
 */
export async function up(config: Config, options: UpOptions = {}): Promise<Running> {
  const { log = silentLog, environment = process.env } = options;
  const { host, noStore } = config;
  const ownKeys = readAccessKeys({ file: config.keysFile, list: environment.FLUOROSCOPE_KEYS });
  if (config.store === undefined) checkExposure(config, ownKeys, log);
  checkUpstream(config);
  checkStore(config);
  const policy = await tailPolicyOf(config);
  const startedMs = Date.now();
  const version = packageVersion();
  // The server's libraries load while the store opens.
  const [{ store, sink, tail, nodes, keys = ownKeys, upstream, remote }, { createApiServer }] = await Promise.all([
    openBacking(config, ownKeys, { log, environment, version }).then((backing) =>
      withTail(backing, config, policy, log),
    ),
    import("./api/server.ts"),
  ]);
  const usage = nodes === undefined ? () => store.usage() : lastKnown(() => store.usage());
  const ingest = new Ingest(sink, { queueBytes: config.queueBytes, shedsTraces: true, log });
  const status = async (): Promise<Status> => {
    const reason = nodes?.trouble();
    const { udp, otlp, addresses } = await listening;
    return {
      version,
      uptimeSeconds: Math.round((Date.now() - startedMs) / 1000),
      addresses,
      counters: ingest.counters(),
      store: { ...(await usage()), ...(reason !== undefined && { trouble: reason }) },
      readOnly: false,
      receiver: receiverStatus(udp, stall),
      otlp: otlp.figures(),
      ...(upstream && { upstream: upstreamStatus(upstream.status(), noStore) }),
      ...(tail && { tailSampling: tail.figures() }),
    };
  };
  const isOnDisk = !config.ephemeral && !noStore && nodes === undefined;
  const keep = <D extends object>(name: string, initial: D): DocumentStore<D> =>
    nodes?.document(name, initial) ??
    (isOnDisk ? documentFile(join(config.dataDir, `${name}.json`), initial) : documentInMemory(initial));
  const settings = keep("settings", initialSettings);
  const insights = keep("insights", noInsights);
  // The other side has insights of its own, or is billed for being asked all the time.
  const notify = insightNotifier(config, settings, log);
  const reading = (all: Settings): FilterOptions => readingOptions(all, config);
  const heldSeconds = tail === undefined ? 0 : config.decideAfter;
  const watching = { store, settings, insights, reading, heldSeconds, log, now: Date.now, ...(notify && { notify }) };
  // Of many on one store one does it.
  const isOurs = nodes && (() => nodes.holdsWatch());
  const watcher = remote === undefined ? watchInsights({ ...watching, ...(isOurs && { isOurs }) }) : undefined;
  const told = alertNotifier(config, log);
  const alerts =
    told && remote === undefined ? watchAlerts({ ...watching, ...(isOurs && { isOurs }), notify: told }) : undefined;
  const keeps: Keeps = noStore
    ? {}
    : {
        retentionSeconds: config.retention,
        ...(nodes === undefined && { maxBytes: config.maxSize }),
        ...(isOnDisk && { dataDir: config.dataDir }),
      };
  const auditTrail = nodes?.audit ?? (isOnDisk ? auditFile(join(config.dataDir, "audit.ndjson")) : undefined);
  const audit = openAuditLog(auditTrail, log);
  const returned = upstream?.returned;
  const targets = nodes?.targets ?? new SamplingTargets();
  const api = { store, ingest, returned, settings, insights, targets, config, log, now: Date.now };
  // Loaded when the first agent asks.
  const mcp: McpService = async (message) => (await import("./mcp/answer-http.ts")).answerHttp({ ...message, version });
  const server = await createApiServer({
    ...(nodes && { trouble: () => nodes.trouble() }),
    ...{ api, host, status, forwarding: upstream, remote, keys, audit, keeps, mcp },
  });
  const closeAll = async (): Promise<void> => {
    // In the order in which a document travels, so that nothing that was taken is left behind.
    await Promise.all([server.close(), ingest.close(), watcher?.close(), alerts?.close()]);
    await tail?.close();
    await upstream?.close(drainMs);
    await Promise.all([store.close(), nodes?.close()]);
  };

  const stall = watchLoopStall();
  const listening = listenEverywhere(server, { ingest, config, keys, log });
  const { udp, otlp, addresses } = await listening.catch(async (error: unknown) => {
    await closeAll();
    throw error;
  });
  const pruning = setInterval(() => prune(store, log), pruneMs);
  pruning.unref();
  const to = upstream?.status().name;
  const also = to === undefined ? "" : noStore ? `, with the traces of ${to}` : `, sending on to ${to}`;
  const otlpText = [addresses.otlpHttp, addresses.otlpGrpc && `gRPC ${addresses.otlpGrpc}`]
    .filter(Boolean)
    .join(" and ");
  const places = [`console ${addresses.http}`, `X-Ray UDP ${addresses.udp}`, otlpText && `OpenTelemetry ${otlpText}`];
  const text = `fluoroscope is ready: ${places.filter(Boolean).join(", ")}${also}`;
  log.info({ text, addresses, ...(isOnDisk && { dataDir: config.dataDir }), ...(to && { upstream: to }) }, "ready");

  let closed: Promise<void> | undefined;
  return {
    addresses,
    close() {
      closed ??= (async () => {
        clearInterval(pruning);
        await Promise.all([udp.close(), otlp.close()]);
        await closeAll();
        stall.close();
      })();
      return closed;
    },
  };
}

/** What answers questions and what takes documents: the store, an X-Ray API elsewhere, or the store and a way on. */
interface Backing {
  readonly store: TraceStore;
  readonly sink: Sink;
  /** Before the sink, where not everything is kept. */
  readonly tail?: TailSampling;
  /** What is shared with others on the same store. */
  readonly nodes?: Nodes;
  /** Who is let in, where others share that too. */
  readonly keys?: AccessKeys;
  readonly upstream?: Upstream;
  readonly remote?: Remote;
}

async function openBacking(config: Config, ownKeys: AccessKeys, surroundings: UpstreamSurroundings): Promise<Backing> {
  const { log } = surroundings;
  await warnOfEarlierUpstreams(config, log);
  if (config.upstream === undefined) {
    const opened = await openedStore(config, ownKeys, log);
    return { ...opened, sink: opened.store };
  }
  const { openUpstream } = await import("./upstream/open-upstream.ts");
  const upstream = await openUpstream(config.upstream, config, surroundings);
  try {
    if (config.noStore && upstream.api !== undefined) {
      const { openRemote } = await import("./upstream/open-remote.ts");
      const opened = openRemote(upstream, upstream.api, log);
      return { ...opened, sink: opened.store };
    }
    const opened = await openedStore(config, ownKeys, log);
    return { ...opened, sink: forwardAccepted(opened.store, upstream.put), upstream };
  } catch (error) {
    await upstream.close(0);
    throw error;
  }
}

/** The store, asked one thing already: what is wrong with its folder or its server is said before anybody sends anything. */
async function openedStore(
  config: Config,
  ownKeys: AccessKeys,
  log: Log,
): Promise<Pick<Backing, "store" | "nodes" | "keys">> {
  const dataDir = config.ephemeral ? undefined : config.dataDir;
  const { store: address, retention: retentionSeconds, maxSize: maxBytes } = config;
  const store = await openStore({ address, dataDir, retentionSeconds, maxBytes, log });
  let nodes: Nodes | undefined;
  try {
    await store.usage();
    if (address === undefined) return { store };
    const { openNodes } = await import("./nodes/open-nodes.ts");
    nodes = await openNodes(address, log);
    const keys = await nodes.keys(ownKeys);
    checkExposure(config, keys, log);
    return { store, nodes, keys };
  } catch (error) {
    await Promise.all([store.close(), nodes?.close()]);
    throw error;
  }
}

/** Read before anything opens: a rule with a slip in it is said at once. */
async function tailPolicyOf(config: Config): Promise<KeepPolicy | undefined> {
  if (config.keep.length === 0 && config.keepRest === 1) return undefined;
  const { tailPolicy } = await import("./tail-sampling/sample-before.ts");
  return tailPolicy(config, readingOptions(initialSettings, config));
}

/** Tail sampling before the sink, where it is asked for, or was when fluoroscope last ran. */
async function withTail(backing: Backing, config: Config, policy: KeepPolicy | undefined, log: Log): Promise<Backing> {
  const folder = config.ephemeral ? undefined : join(config.dataDir, "held");
  if (policy === undefined && !(folder !== undefined && existsSync(folder))) return backing;
  try {
    const { sampleBefore } = await import("./tail-sampling/sample-before.ts");
    const tail = await sampleBefore(backing.sink, { policy, settings: config, folder, log });
    return tail === undefined ? backing : { ...backing, tail, sink: tail };
  } catch (error) {
    await Promise.all([backing.upstream?.close(0), backing.store.close(), backing.nodes?.close()]);
    throw error;
  }
}

/** A store elsewhere, and at the same time none or one that is forgotten: one of the two was not meant. */
function checkStore({ store, noStore, ephemeral }: Config): void {
  if (store === undefined || !(noStore || ephemeral)) return;
  const flag = noStore ? "--no-store" : "--ephemeral";
  const message = `--store names where everything is kept, and ${flag} says that nothing is. Leave one of the two out.`;
  throw new FluoroscopeError("FLUORO_BAD_CONFIG", message);
}

/** Without keys everyone who reaches the port may do everything, so only this machine may, unless its owner says otherwise. */
function checkExposure({ host, unsafeNoAuth }: Config, keys: AccessKeys, log: Log): void {
  if (isLoopback(host) || keys.size > 0) return;
  if (!unsafeNoAuth) {
    const message =
      `Listening on ${host} would let everyone who reaches it read and write all traces. ` +
      "Leave --host at 127.0.0.1, name access keys with --keys-file, or say --unsafe-no-auth if only trusted machines can reach it.";
    throw new FluoroscopeError("FLUORO_BAD_CONFIG", message);
  }
  log.warn({ host }, "everyone who reaches this address may read and write all traces");
}

/** Everything that documents come in by. */
interface Listening {
  readonly udp: UdpListener;
  readonly otlp: Otlp;
  readonly addresses: Status["addresses"];
}

interface ListenOptions {
  readonly ingest: Ingest;
  readonly config: Config;
  readonly keys: AccessKeys;
  readonly log: Log;
}

/** X-Ray's port first: where it is taken, fluoroscope runs already. */
async function listenEverywhere(server: ApiServer, { ingest, config, keys, log }: ListenOptions): Promise<Listening> {
  const { host } = config;
  const [{ openOtlp }, udp] = await Promise.all([
    import("./otlp/open-otlp.ts"),
    listenOnBoth(server, (port) => listenUdp({ host, port, ingest, log }), config),
  ]);
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${udp.port}`;
  try {
    const otlp = await openOtlp({
      host,
      http: otlpPort(config.otlpHttpPort, usualOtlpPorts.http, config),
      grpc: otlpPort(config.otlpGrpcPort, usualOtlpPorts.grpc, config),
      door: ingest,
      admit: keys.size > 0 ? admitWriters(keys, Date.now) : undefined,
      log,
      bindError: (cause, port, flag) => bindError(cause, "tcp", host, port, flag),
    });
    return { udp, otlp, addresses: { udp: authority, http: `http://${authority}`, ...otlp.addresses } };
  } catch (error) {
    await udp.close();
    throw error;
  }
}

/** Who takes any port for X-Ray, as tests do, wants no fixed one beside it. */
function otlpPort(chosen: number | undefined, usual: number, { port }: Config): OtlpPort {
  if (chosen !== undefined) return { number: chosen, isChosen: true };
  return { number: port === 0 ? 0 : usual, isChosen: false };
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
