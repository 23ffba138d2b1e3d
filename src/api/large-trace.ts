import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { StoredTrace } from "../store/trace-store.ts";
import type { TraceDigest } from "../trace/digest.ts";
import { storedDigest, wireTrace } from "./assemble-stored.ts";
import type { LargeTraceTask } from "./large-trace-worker.ts";
import type { WireTrace } from "./wire.ts";
import { JsonText } from "./write-json.ts";

/** Assembling more than this takes longer than receiving can wait, and then has a thread of its own. */
const largeCharacters = 512 * 1024;

/** A stored trace as `BatchGetTraces` answers it, however large. */
export async function answerTrace(stored: StoredTrace): Promise<WireTrace | JsonText> {
  if (!isLarge(stored)) return wireTrace(stored);
  return new JsonText((await inThread({ stored, want: "wire" })) as string);
}

/** A stored trace's digest, however large the trace. */
export async function answerDigest(stored: StoredTrace): Promise<TraceDigest> {
  if (!isLarge(stored)) return storedDigest(stored);
  return (await inThread({ stored, want: "digest" })) as TraceDigest;
}

function isLarge({ documents }: StoredTrace): boolean {
  return documents.reduce((sum, document) => sum + document.length, 0) > largeCharacters;
}

function inThread(task: LargeTraceTask): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(...threadFile(task));
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("The thread that assembled a trace ended early.")));
  });
}

/** The built file, or the source when that is what runs: then the thread needs the loader too. */
function threadFile(workerData: LargeTraceTask): ConstructorParameters<typeof Worker> {
  if (!import.meta.url.endsWith(".ts")) return [new URL("large-trace-worker.js", import.meta.url), { workerData }];
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return [new URL("large-trace-worker.ts", import.meta.url), { workerData, execArgv: ["--import", loader] }];
}
