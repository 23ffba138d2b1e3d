import { randomUUID } from "node:crypto";
import { askIdentity } from "./daemon/ask-identity.ts";
import { bindError } from "./daemon/bind-error.ts";
import type { DaemonConfig } from "./daemon/daemon-config.ts";
import { type DaemonStatus, describeStatus } from "./daemon/daemon-status.ts";
import { Destinations } from "./daemon/destinations.ts";
import { formatAddress } from "./daemon/listen-address.ts";
import { watchLoopStall } from "./daemon/loop-stall.ts";
import { notifySystemd } from "./daemon/notify-systemd.ts";
import { keepWhatStays, sayReady } from "./daemon/say-ready.ts";
import type { AnswerLocally } from "./daemon/tcp-server.ts";
import { openTcpSide } from "./daemon/tcp-side.ts";
import { listenUdp } from "./daemon/udp-listener.ts";
import { UnprocessedDocuments } from "./daemon/unprocessed-documents.ts";
import { watchProgress } from "./daemon/watch-progress.ts";
import { ReturnedDocuments } from "./forward/returned-documents.ts";
import { Ingest, type Sink } from "./ingest/ingest.ts";
import type { Log } from "./log.ts";

/** A running daemon. */
export interface RunningDaemon {
  /** Where it listens, as `127.0.0.1:2000`; on TCP nowhere while another program has the port. */
  readonly addresses: DaemonStatus["addresses"];
  /** Changes what can be changed while it runs, and says what cannot. Rejects, and goes on as before, when it cannot be right. */
  reload(config: DaemonConfig): Promise<void>;
  /** Sends what it can within `shutdownSeconds` and keeps the rest on disk. May be called twice. */
  close(): Promise<void>;
}

/** What a daemon needs beside its configuration. */
export interface DaemonSurroundings {
  readonly log: Log;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of fluoroscope. */
  readonly version: string;
}

/** For what came in within a turn of the loop or two. From here it goes to the outboxes, which have the memory of `-m`. */
const queueBytes = 32 * 2 ** 20;
/**
 * As many as one call to X-Ray takes. Packing, hashing and sending them takes half a millisecond, in which no datagram is
 * read: with 1,000 at once it takes ten, longer than a socket buffer of the stock size lasts at 15,000 a second, and then
 * a few of a thousand were lost. Fewer also leave V8's young space before they are dear to clear away.
 */
const batchDocuments = 50;
const fullText = "More came in at once than the daemon could take. Give it more of the processor.";
/** Answers under way on the TCP side get this long even when the time to stop is up. */
const patienceMs = 100;

/**
 * Configuration in, running daemon out: UDP leads to one door, the door to an outbox for each destination; TCP says how it
 * fares, and passes everything else on, signed.
 */
export async function runDaemon(initial: DaemonConfig, surroundings: DaemonSurroundings): Promise<RunningDaemon> {
  const { log, environment, version } = surroundings;
  let config = initial;

  const unprocessed = new UnprocessedDocuments();
  const returned = new ReturnedDocuments(randomUUID(), { remembers: false });
  const destinations = await Destinations.open(config, {
    ...surroundings,
    id: returned.id,
    identity: askIdentity(config, surroundings),
    door: () => ingest.counters(),
    onUnprocessed: (wayOut, about, document) => unprocessed.keep(wayOut, about, document),
  });
  const ingest = new Ingest(sinkOf(destinations), { queueBytes, batchDocuments, fullText, log });
  const udp = await listenUdp({ ...config.udpAddress, ingest, log }).catch(async (error: unknown) => {
    await destinations.close(0);
    throw bindError(error, "udp", config.udpAddress.host, config.udpAddress.port, "daemon");
  });

  let operations: Promise<AnswerLocally> | undefined;
  const answerLocally: AnswerLocally = async (call) => {
    // On use: with an X-Ray API nobody needs them.
    operations ??= import("./api/daemon-operations.ts").then(({ daemonOperations }) =>
      daemonOperations({ ingest, returned, log, region: config.region }),
    );
    return (await operations)(call);
  };
  const status = (): DaemonStatus => {
    const lostBySystem = udp.lostBySystem();
    return {
      version,
      uptimeSeconds: Math.round(process.uptime()),
      addresses: addressesOf(config, udp.port, tcp.port),
      counters: ingest.counters(),
      problemCounts: ingest.problemCounts(),
      receiver: {
        maxStallMs: stall.maxMs(),
        ...(lostBySystem !== undefined && { lostBySystem }),
        socketBufferBytes: udp.socketBufferBytes,
      },
      waysOut: destinations.status(),
      troubles: [...(tcp.trouble === undefined ? [] : [tcp.trouble]), ...destinations.troubles()],
    };
  };
  const tcp = await openTcpSide({
    ...config.tcpAddress,
    api: () => destinations.api,
    hasPassed: (via) => returned.hasPassed(via),
    answerLocally,
    status,
    problems: () => unprocessed.with({ problems: ingest.problems(), counts: ingest.problemCounts() }),
    log,
  }).catch(async (error: unknown) => {
    await udp.close();
    await destinations.close(0);
    throw error;
  });
  const stall = watchLoopStall({ resolutionMs: 50 });
  const systemd = notifySystemd({
    environment,
    status: () => describeStatus(status()),
    isTurning: watchProgress(() => destinations.status()),
    log,
  });
  sayReady(status(), destinations.api?.endpoint, log);
  void systemd.ready();

  let closed: Promise<void> | undefined;
  return {
    get addresses() {
      return addressesOf(config, udp.port, tcp.port);
    },
    async reload(changed) {
      void systemd.reloading();
      try {
        const next = keepWhatStays(config, changed, log);
        await destinations.reload(next, next.shutdownSeconds * 1_000);
        config = next;
      } finally {
        void systemd.ready();
      }
    },
    close() {
      closed ??= (async () => {
        const endMs = Date.now() + config.shutdownSeconds * 1_000;
        const leftMs = (): number => Math.max(0, endMs - Date.now());
        void systemd.stopping();
        // In the order in which a document travels, so that nothing that was taken is left behind.
        await udp.close();
        await ingest.close();
        await destinations.close(leftMs());
        await tcp.close(Math.max(patienceMs, leftMs()));
        systemd.close();
        stall.close();
      })();
      return closed;
    },
  };
}

/** Documents that the outboxes cannot keep are counted there, so at the door all have gone through. */
function sinkOf(destinations: Destinations): Sink {
  return {
    async append(documents) {
      destinations.put(documents.map(({ bytes }) => bytes));
      return { outcomes: [] };
    },
  };
}

function addressesOf(
  { udpAddress, tcpAddress }: DaemonConfig,
  udpPort: number,
  tcpPort: number | undefined,
): DaemonStatus["addresses"] {
  const udp = formatAddress({ ...udpAddress, port: udpPort });
  return { udp, ...(tcpPort !== undefined && { tcp: formatAddress({ ...tcpAddress, port: tcpPort }) }) };
}
