import type { RunningDaemon } from "./contender.ts";
import { type Delivery, deliver, withDaemon } from "./laboratory.ts";
import type { DocumentSize } from "./numbered-documents.ts";
import { cpuSeconds, rssMb, sleep } from "./process-figures.ts";
import { atMost, type Question, type RunOptions, ratioAtMost } from "./question.ts";

/** What a daemon costs: at rest, at steady rates, and with more than it can take. */
export const costQuestions: readonly Question[] = [
  {
    name: "idle",
    runs: 3,
    figures: [
      { label: "start to receiving", unit: "ms", limit: atMost(300) },
      { label: "start to answering on TCP", unit: "ms" },
      { label: "memory at rest", unit: "MB", original: 21, limit: atMost(60) },
      { label: "CPU at rest", unit: "% of a core", limit: atMost(0.5) },
    ],
    ask: (options) => withDaemon(options.contender, { isPinned: false }, (_, daemon) => atRest(options, daemon)),
  },
  {
    name: "cpu-1000",
    runs: 5,
    figures: [{ label: "CPU a segment at 1,000/s, 1 KB", unit: "µs", original: 200, limit: ratioAtMost(0.6) }],
    async ask(options) {
      return [(await steady(options, 1_000, options.isQuick ? 2_500 : 5_000)).cpuMicros];
    },
  },
  {
    name: "cpu-5000",
    runs: 5,
    figures: [
      { label: "CPU a segment at 5,000/s, 1 KB", unit: "µs", original: 126, limit: ratioAtMost(0.4) },
      { label: "memory at 5,000/s", unit: "MB", original: 103, limit: atMost(80) },
    ],
    async ask(options) {
      const { cpuMicros, rssMb } = await steady(options, 5_000, options.isQuick ? 12_500 : 50_000);
      return [cpuMicros, rssMb];
    },
  },
  {
    name: "saturated-1k",
    runs: 5,
    figures: [
      { label: "CPU a segment, 40,000/s offered, 1 KB, one core", unit: "µs", original: 28, limit: ratioAtMost(0.7) },
      { label: "… delivered a second", unit: "/s", original: 31_900 },
      { label: "… memory", unit: "MB", original: 230, limit: atMost(100) },
    ],
    ask: (options) => saturated(options, { size: 1_060, rate: 40_000 }),
  },
  {
    name: "saturated-4k",
    runs: 5,
    figures: [
      { label: "CPU a segment, 12,000/s offered, 4 KB, one core", unit: "µs", original: 115, limit: ratioAtMost(0.45) },
      { label: "… delivered a second", unit: "/s", original: 7_000 },
      { label: "… memory", unit: "MB", limit: atMost(100) },
    ],
    ask: (options) => saturated(options, { size: 4_096, rate: 12_000 }),
  },
  {
    name: "soak",
    runs: 1,
    isOnRequest: true,
    figures: [
      { label: "memory gained in an hour at 1,000/s", unit: "MB", limit: atMost(5) },
      { label: "… lost", unit: "segments", limit: atMost(0) },
    ],
    ask: soak,
  },
];

async function atRest({ isQuick }: RunOptions, daemon: RunningDaemon): Promise<readonly number[]> {
  // What starting leaves behind is not rest.
  await sleep(isQuick ? 2_000 : 5_000);
  const seconds = isQuick ? 4 : 20;
  const before = cpuSeconds(daemon.pid);
  await sleep(seconds * 1_000);
  const percent = ((cpuSeconds(daemon.pid) - before) / seconds) * 100;
  return [daemon.receivingMs, daemon.answeringMs, rssMb(daemon.pid), percent];
}

/** A second of the same before it, so that what is measured is not how a program warms up. */
function steady(options: RunOptions, rate: number, count: number): Promise<Delivery> {
  return withDaemon(options.contender, { isPinned: false }, async (laboratory, daemon) => {
    await deliver(laboratory, daemon, { size: 1_060, rate, count: rate });
    return deliver(laboratory, daemon, { size: 1_060, rate, count });
  });
}

function saturated(
  options: RunOptions,
  load: { readonly size: DocumentSize; readonly rate: number },
): Promise<readonly number[]> {
  return withDaemon(options.contender, { isPinned: true }, async (laboratory, daemon) => {
    await deliver(laboratory, daemon, { ...load, count: load.rate / 2 });
    const seconds = options.isQuick ? 1.5 : 2.5;
    const { cpuMicros, rate, rssMb } = await deliver(laboratory, daemon, { ...load, count: load.rate * seconds });
    return [cpuMicros, rate, rssMb];
  });
}

/** The first part is for whatever a program gathers once: caches, compiled code, a heap of its size. */
function soak({ contender, isQuick }: RunOptions): Promise<readonly number[]> {
  return withDaemon(contender, { isPinned: false }, async (laboratory, daemon) => {
    const part = { size: 1_060, rate: 1_000, count: isQuick ? 20_000 : 600_000 } as const;
    let lost = (await deliver(laboratory, daemon, part)).lost;
    const before = rssMb(daemon.pid);
    for (let parts = 0; parts < 6; parts += 1) lost += (await deliver(laboratory, daemon, part)).lost;
    return [rssMb(daemon.pid) - before, lost];
  });
}
