import { stall, take } from "../../test/fixtures/fake-upstream-behaviour.ts";
import { type Delivery, deliver, type Laboratory, withDaemon } from "./laboratory.ts";
import { sleep } from "./process-figures.ts";
import { atMost, type Question, type RunOptions, ratioAtLeast } from "./question.ts";
import { withStockBuffer } from "./stock-buffer.ts";

const rungs = [2_500, 5_000, 7_500, 10_000, 12_500, 15_000, 17_500, 20_000, 25_000, 30_000, 40_000, 50_000, 60_000];

/** What a daemon loses: by rate, by bursts, and by what happens behind it. */
export const lossQuestions: readonly Question[] = [
  {
    name: "ladder",
    runs: 3,
    figures: [{ label: "highest rate with < 0.1 % lost, 1 KB", unit: "/s", original: 12_500, limit: ratioAtLeast(3) }],
    ask: async (options) => [await climb(options)],
  },
  {
    name: "ladder-stock",
    runs: 3,
    figures: [{ label: "… with the stock socket buffer", unit: "/s", original: 12_500, limit: ratioAtLeast(1.3) }],
    ask: async (options) => [await withStockBuffer(() => climb(options))],
  },
  {
    name: "burst",
    runs: 3,
    figures: [
      { label: "lost of a burst of 500", unit: "%", original: 77, limit: atMost(0) },
      { label: "lost of a burst of 2,000", unit: "%", original: 87, limit: atMost(0) },
    ],
    ask: (options) =>
      withDaemon(options.contender, { isPinned: false }, async (laboratory, daemon) => {
        // Once warm, as a daemon that has been running for a while.
        await deliver(laboratory, daemon, { size: 1_060, rate: 2_000, count: 2_000 });
        const small = await deliver(laboratory, daemon, { size: 1_060, count: 500 });
        const large = await deliver(laboratory, daemon, { size: 1_060, count: 2_000 });
        return [percentLost(small), percentLost(large)];
      }),
  },
  {
    name: "stall-10",
    runs: 1,
    figures: [
      { label: "lost at 2,000/s, upstream stalled for 10 s", unit: "%", original: 66.5, limit: atMost(0) },
      { label: "… memory", unit: "MB" },
    ],
    ask: (options) => stalled(options, 10),
  },
  {
    name: "stall-60",
    runs: 1,
    figures: [
      { label: "lost at 2,000/s, upstream stalled for 60 s", unit: "%", limit: atMost(0) },
      { label: "… memory", unit: "MB" },
    ],
    ask: (options) => stalled(options, options.isQuick ? 15 : 60),
  },
  {
    name: "down-60",
    runs: 1,
    figures: [
      { label: "lost at 2,000/s, upstream refusing for 60 s", unit: "%", limit: atMost(0) },
      { label: "… memory", unit: "MB" },
    ],
    ask: (options) =>
      interrupted(options, options.isQuick ? 15 : 60, {
        begin: ({ upstream }) => upstream.goDown(),
        end: ({ upstream }) => upstream.comeUp(),
      }),
  },
  {
    name: "latency",
    runs: 1,
    figures: [
      { label: "lost at 5,000/s, upstream 200 ms away", unit: "%", original: 57, limit: atMost(0) },
      { label: "… memory", unit: "MB" },
    ],
    ask: (options) =>
      withDaemon(options.contender, { isPinned: false }, async (laboratory, daemon) => {
        await laboratory.upstream.behave({ kind: "take", latencyMs: 200 });
        const seconds = options.isQuick ? 5 : 20;
        const delivery = await deliver(laboratory, daemon, { size: 1_060, rate: 5_000, count: 5_000 * seconds });
        return [percentLost(delivery), delivery.rssMb];
      }),
  },
];

const percentLost = ({ lost, sent }: Delivery): number => (lost / sent.count) * 100;

/** The highest rung that loses nearly nothing, as all below it do. */
function climb(options: RunOptions): Promise<number> {
  return withDaemon(options.contender, { isPinned: false }, async (laboratory, daemon) => {
    await deliver(laboratory, daemon, { size: 1_060, rate: 2_500, count: 2_500 });
    let highest = 0;
    for (const rate of options.isQuick ? rungs.filter((_, index) => index % 2 === 1) : rungs) {
      const delivery = await deliver(laboratory, daemon, { size: 1_060, rate, count: rate * 2 });
      if (percentLost(delivery) >= 0.1) break;
      highest = rate;
    }
    return highest;
  });
}

function stalled(options: RunOptions, seconds: number): Promise<readonly number[]> {
  return interrupted(options, seconds, {
    begin: ({ upstream }) => upstream.behave(stall),
    end: ({ upstream }) => upstream.behave(take),
  });
}

/** Load from two seconds before the interruption to two seconds after it. */
function interrupted(
  options: RunOptions,
  seconds: number,
  what: { readonly begin: (l: Laboratory) => Promise<void>; readonly end: (l: Laboratory) => Promise<void> },
): Promise<readonly number[]> {
  return withDaemon(options.contender, { isPinned: false }, async (laboratory, daemon) => {
    const rate = 2_000;
    const load = { size: 1_060, rate, count: rate * (seconds + 4) } as const;
    const meanwhile = async (): Promise<void> => {
      await sleep(2_000);
      await what.begin(laboratory);
      await sleep(seconds * 1_000);
      await what.end(laboratory);
    };
    // A daemon may have learnt to ask seldom.
    const delivery = await deliver(laboratory, daemon, load, { meanwhile, quietMs: 45_000 });
    return [percentLost(delivery), delivery.rssMb];
  });
}
