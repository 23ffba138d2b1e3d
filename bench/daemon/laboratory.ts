import { type FakeUpstreamProcess, startFakeUpstreamProcess } from "../../test/fixtures/fake-upstream-process.ts";
import { type Contender, type RunningDaemon, removeDaemon, startDaemon } from "./contender.ts";
import { type Generator, type Load, type Sent, startGenerator } from "./generator.ts";
import { cpuSeconds, rssMb, sleep } from "./process-figures.ts";

/** The core that daemons are pinned to where a question pins them; all else has the other. */
export const daemonCpu = 0;
const otherCpu = 1;

/** Load generator and upstream of one measurement, each a process of its own. */
export interface Laboratory {
  readonly generator: Generator;
  readonly upstream: FakeUpstreamProcess;
}

/** Opens one, works, and closes it; pinned, its processes share the core that the daemon has not. */
export async function withLaboratory<T>(
  { isPinned }: { readonly isPinned: boolean },
  work: (laboratory: Laboratory) => Promise<T>,
): Promise<T> {
  const cpu = isPinned ? { cpu: otherCpu } : {};
  const [generator, upstream] = await Promise.all([startGenerator(cpu), startFakeUpstreamProcess(cpu)]);
  try {
    return await work({ generator, upstream });
  } finally {
    await Promise.all([generator.close(), upstream.close()]);
  }
}

/** The same with a daemon in it, which is removed at the end. */
export function withDaemon<T>(
  contender: Contender,
  { isPinned }: { readonly isPinned: boolean },
  work: (laboratory: Laboratory, daemon: RunningDaemon) => Promise<T>,
): Promise<T> {
  return withLaboratory({ isPinned }, async (laboratory) => {
    const cpu = isPinned ? { cpu: daemonCpu } : {};
    const daemon = await startDaemon(contender, { upstream: laboratory.upstream.url, ...cpu });
    try {
      return await work(laboratory, daemon);
    } finally {
      await removeDaemon(daemon);
    }
  });
}

export interface Delivery {
  readonly sent: Sent;
  readonly delivered: number;
  readonly lost: number;
  /** A second, from the first sent to the last that arrived. */
  readonly rate: number;
  /** Microseconds of CPU, all threads, for each delivered document. */
  readonly cpuMicros: number;
  /** Highest seen from the first document to the last. */
  readonly rssMb: number;
}

export interface DeliverOptions {
  /** Runs beside the sending, and is waited for. */
  readonly meanwhile?: () => Promise<void>;
  /** After so long without an arrival, what is missing is lost. No daemon keeps a batch longer, unless upstream failed. */
  readonly quietMs?: number;
}

/** Sends a load through a daemon, waits until nothing more arrives, and says what became of it. */
export async function deliver(
  { generator, upstream }: Laboratory,
  daemon: RunningDaemon,
  load: Omit<Load, "port">,
  { meanwhile = async () => {}, quietMs = 4_000 }: DeliverOptions = {},
): Promise<Delivery> {
  const cpuBefore = cpuSeconds(daemon.pid);
  let highestMb = 0;
  const watch = setInterval(() => {
    if (daemon.isRunning()) highestMb = Math.max(highestMb, rssMb(daemon.pid));
  }, 200);
  const startMs = performance.now();
  const [sent] = await Promise.all([generator.send({ port: daemon.udpPort, ...load }), meanwhile()]);
  const { missing, lastMs } = await settled(upstream, sent, quietMs);
  clearInterval(watch);
  const delivered = sent.count - missing;
  return {
    sent,
    delivered,
    lost: Math.max(0, missing - sent.refused),
    rate: (delivered / Math.max(lastMs - startMs, sent.tookMs)) * 1_000,
    cpuMicros: ((cpuSeconds(daemon.pid) - cpuBefore) / Math.max(delivered, 1)) * 1e6,
    rssMb: Math.max(highestMb, daemon.isRunning() ? rssMb(daemon.pid) : 0),
  };
}

/** How many are missing when none is, or when none has come for so long, and when the last came. */
export async function settled(
  upstream: FakeUpstreamProcess,
  { first, count }: Sent,
  quietMs: number,
): Promise<{ missing: number; lastMs: number }> {
  let missing = await upstream.missing(first, count);
  let lastMs = performance.now();
  while (missing > 0 && performance.now() - lastMs < quietMs) {
    await sleep(100);
    const now = await upstream.missing(first, count);
    if (now !== missing) lastMs = performance.now();
    missing = now;
  }
  return { missing, lastMs };
}
