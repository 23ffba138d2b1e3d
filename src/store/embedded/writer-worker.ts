import { parentPort, workerData } from "node:worker_threads";
import type { Log } from "../../log.ts";
import { type PackedDocuments, unpackDocuments } from "../pack-documents.ts";
import { loadDriver } from "./driver.ts";
import type { PartInfo } from "./part-info.ts";
import { type Appended, StoreWriter, type TakenOut, type WriterOptions } from "./store-writer.ts";
import { answerQuestions } from "./worker-protocol.ts";

/** What the writer is to keep. */
export interface Batch extends PackedDocuments {
  readonly nowSeconds: number;
  readonly wantsChange: boolean;
}

/** What the writer can be asked. Answers tell which parts there are now, for the readers. */
export type WriterProtocol = {
  open: { question: undefined; answer: readonly PartInfo[]; partial: never };
  append: { question: Batch; answer: Appended & { readonly parts: readonly PartInfo[] }; partial: never };
  /** Parts that are out of the store, whose files are still to be removed. */
  prune: { question: { readonly nowSeconds: number }; answer: Removal; partial: never };
  clear: { question: undefined; answer: Removal; partial: never };
  takeOut: { question: readonly string[]; answer: TakenOut & { readonly parts: readonly PartInfo[] }; partial: never };
  remove: { question: readonly string[]; answer: undefined; partial: never };
  close: { question: undefined; answer: undefined; partial: never };
};

export interface Removal {
  readonly removed: readonly string[];
  readonly parts: readonly PartInfo[];
}

/** A line for the log of the main thread. */
export interface LogLine {
  readonly level: keyof Log;
  readonly fields: object;
  readonly message: string;
}

const port = parentPort!;
const log = Object.fromEntries(
  (["debug", "info", "warn", "error"] as const).map((level) => [
    level,
    (fields: object, message: string) => port.postMessage({ news: { level, fields, message } satisfies LogLine }),
  ]),
) as unknown as Log;

const writer = loadDriver().then((open) => new StoreWriter(workerData as WriterOptions, open, log));
// Whoever asks is told; that nobody has asked yet is no reason to die.
writer.catch(() => {});

answerQuestions<WriterProtocol>(port, {
  open: async () => (await writer).parts(),
  append: async ({ nowSeconds, wantsChange, ...packed }) => {
    const store = await writer;
    return { ...store.append(unpackDocuments(packed), nowSeconds, wantsChange), parts: store.parts() };
  },
  prune: async ({ nowSeconds }) => {
    const store = await writer;
    return { removed: store.prune(nowSeconds), parts: store.parts() };
  },
  clear: async () => {
    const store = await writer;
    return { removed: store.clear(), parts: store.parts() };
  },
  takeOut: async (traceIds) => {
    const store = await writer;
    return { ...store.takeOut(traceIds), parts: store.parts() };
  },
  remove: async (paths) => {
    await (await writer).remove(paths);
  },
  close: async () => {
    await (await writer).close();
  },
});
