import { parentPort, workerData } from "node:worker_threads";
import type { Log } from "../log.ts";
import { answerQuestions } from "../store/embedded/worker-protocol.ts";
import { type PackedDocuments, packDocuments, unpackDocuments } from "../store/pack-documents.ts";
import type { Refusal } from "../store/trace-store.ts";
import { HoldLog } from "./hold-log.ts";
import type { KeepPolicy } from "./keep-policy.ts";
import type { TailFigures } from "./tail-figures.ts";
import { TailSampler } from "./tail-sampler.ts";
import type { Waits } from "./waiting-room.ts";

/** What the thread must know. */
export interface SamplerOptions {
  readonly policy: KeepPolicy;
  readonly waits: Waits;
  /** Where what waits lies on disk; absent: in memory only. */
  readonly folder: string | undefined;
}

export interface PackedBatch {
  readonly number: number;
  readonly documents: PackedDocuments;
  readonly hasMore: boolean;
  readonly figures: TailFigures;
}

/** What the thread can be asked. */
export type SamplerProtocol = {
  open: { question: undefined; answer: TailFigures; partial: never };
  take: { question: PackedDocuments; answer: readonly (Refusal | undefined)[]; partial: never };
  decide: { question: { readonly all: boolean }; answer: PackedBatch; partial: never };
  delivered: { question: number; answer: TailFigures; partial: never };
  close: { question: undefined; answer: undefined; partial: never };
};

/** A line for the log of the main thread. */
export interface LogLine {
  readonly level: keyof Log;
  readonly fields: object;
  readonly message: string;
}

const port = parentPort!;
const tell =
  (level: keyof Log) =>
  (fields: object, message: string): void =>
    port.postMessage({ news: { level, fields, message } satisfies LogLine });
const log: Log = { debug: tell("debug"), info: tell("info"), warn: tell("warn"), error: tell("error") };

const sampler = open(workerData as SamplerOptions);
// Whoever asks is told; that nobody has asked yet is no reason to die.
sampler.catch(() => {});

answerQuestions<SamplerProtocol>(port, {
  open: async () => (await sampler).figures(),
  take: async (packed) => (await sampler).take(unpackDocuments(packed)),
  decide: async (question) => {
    const opened = await sampler;
    const { number, documents, hasMore } = await opened.decide(question);
    return { number, documents: packDocuments(documents), hasMore, figures: opened.figures() };
  },
  delivered: async (number) => {
    await (await sampler).delivered(number);
    return (await sampler).figures();
  },
  close: async () => {
    await (await sampler).close();
  },
});

async function open({ policy, waits, folder }: SamplerOptions): Promise<TailSampler> {
  const holdLog = folder === undefined ? undefined : await HoldLog.open(folder, log);
  const opened = new TailSampler({ policy, waits, log: holdLog, now: Date.now });
  await opened.resume();
  return opened;
}
