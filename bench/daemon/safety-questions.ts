import { readFigures } from "../../test/fixtures/daemon-figures.ts";
import { removeDaemon, startDaemon } from "./contender.ts";
import { settled, withLaboratory } from "./laboratory.ts";
import { eventually, sleep } from "./process-figures.ts";
import { atMost, type Question } from "./question.ts";

/** What is left of what a daemon has when it ends, and whether its counters tell the truth. */
export const safetyQuestions: readonly Question[] = [
  {
    name: "kill",
    runs: 3,
    isOursOnly: true,
    figures: [
      { label: "on disk at kill -9, and not delivered by the next start", unit: "segments", limit: atMost(0) },
      { label: "… on disk at that moment", unit: "segments" },
      { label: "… sent until then", unit: "segments" },
    ],
    ask: ({ contender, isQuick }) =>
      withLaboratory({ isPinned: false }, async ({ generator, upstream }) => {
        await upstream.goDown();
        const first = await startDaemon(contender, { upstream: upstream.url });
        const sent = await generator.send({
          port: first.udpPort,
          size: 1_060,
          rate: 5_000,
          count: isQuick ? 15_000 : 50_000,
        });
        const onDisk = (await readFigures(first.url)).spilled;
        await first.stop("SIGKILL");
        await upstream.comeUp();
        const second = await startDaemon(contender, { upstream: upstream.url, folder: first.folder });
        const { missing } = await settled(upstream, sent, 10_000);
        await removeDaemon(second);
        return [Math.max(0, onDisk - (sent.count - missing)), onDisk, sent.count];
      }),
  },
  {
    name: "accounting",
    runs: 1,
    isOursOnly: true,
    figures: [{ label: "counted otherwise than sent and delivered", unit: "segments", limit: atMost(0) }],
    ask: ({ contender, isQuick }) =>
      withLaboratory({ isPinned: false }, async ({ generator, upstream }) => {
        const daemon = await startDaemon(contender, { upstream: upstream.url });
        let astray = 0;
        for (const rate of [1_000, 5_000, isQuick ? 10_000 : 20_000]) {
          const sending = generator.send({ port: daemon.udpPort, size: 1_060, rate, count: rate * 2 });
          let isSending = true;
          while (isSending) {
            const figures = await readFigures(daemon.url);
            astray = Math.max(astray, Math.abs(figures.imbalance));
            isSending = await Promise.race([sending.then(() => false), sleep(100).then(() => true)]);
          }
          const { missing } = await settled(upstream, await sending, 4_000);
          astray = Math.max(astray, missing);
        }
        const end = await readFigures(daemon.url);
        const { distinct } = await upstream.counts();
        await removeDaemon(daemon);
        return [Math.max(astray, Math.abs(end.sent - distinct))];
      }),
  },
  {
    name: "sigterm",
    runs: 3,
    figures: [
      { label: "SIGTERM to exit, upstream stalled, 5,000 waiting", unit: "s", original: 5.75, limit: atMost(6) },
      { label: "… and not delivered by the next start", unit: "segments", original: 5_000, limit: atMost(0) },
    ],
    ask: ({ contender }) =>
      withLaboratory({ isPinned: false }, async ({ generator, upstream }) => {
        await upstream.behave({ kind: "stall" });
        const first = await startDaemon(contender, { upstream: upstream.url });
        const sent = await generator.send({ port: first.udpPort, size: 1_060, rate: 2_000, count: 5_000 });
        const startMs = performance.now();
        await first.stop();
        const tookMs = performance.now() - startMs;
        await upstream.behave({ kind: "take" });
        const second = await startDaemon(contender, { upstream: upstream.url, folder: first.folder });
        await eventually(() => second.isRunning());
        const { missing } = await settled(upstream, sent, 8_000);
        await removeDaemon(second);
        return [tookMs / 1_000, missing];
      }),
  },
];
