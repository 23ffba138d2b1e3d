import { Worker } from "node:worker_threads";
import type { ServiceGraph } from "../graph/service-graph.ts";
import type { StoredTrace } from "../store/trace-store.ts";
import { traceGraph, wireTraces } from "./assemble-traces.ts";
import type { AssembleTask } from "./assemble-worker.ts";
import { threadFile } from "./thread-file.ts";
import type { WireTrace } from "./wire.ts";
import { JsonBytes } from "./write-json.ts";

/** Assembling more than this takes longer than receiving can wait, and then has a thread of its own. */
const largeCharacters = 512 * 1024;

/** Stored traces as `BatchGetTraces` answers them, however large they are. */
export async function answerTraces(stored: readonly StoredTrace[]): Promise<readonly WireTrace[] | JsonBytes> {
  if (!isLarge(stored)) return wireTraces(stored);
  return new JsonBytes((await inThread({ stored, want: "json" })) as Uint8Array);
}

/** The graph of stored traces, however large they are. */
export async function answerGraph(stored: readonly StoredTrace[]): Promise<ServiceGraph> {
  if (!isLarge(stored)) return traceGraph(stored);
  return (await inThread({ stored, want: "graph" })) as ServiceGraph;
}

/** Whether putting traces together would hold up those who wait for the main thread. */
export function isLarge(stored: readonly StoredTrace[]): boolean {
  let characters = 0;
  for (const { documents } of stored) for (const document of documents) characters += document.length;
  return characters > largeCharacters;
}

function inThread(workerData: AssembleTask): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // The process's own flags are not for it: some, as --input-type, would keep it from starting.
    const worker = new Worker(threadFile("assemble-worker"), { workerData, execArgv: [] });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("The thread that assembles traces ended early.")));
  });
}
