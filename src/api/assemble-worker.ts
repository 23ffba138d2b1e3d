import { parentPort, workerData } from "node:worker_threads";
import type { StoredTrace } from "../store/trace-store.ts";
import { traceGraph, wireTraces } from "./assemble-traces.ts";

/** What the thread is started with: traces, and what is wanted of them. */
export interface AssembleTask {
  readonly stored: readonly StoredTrace[];
  readonly want: "json" | "graph";
}

// The data is what `assemble-large.ts` started this thread with.
const { stored, want } = workerData as AssembleTask;
if (want === "graph") {
  parentPort?.postMessage(traceGraph(stored));
} else {
  const json = new TextEncoder().encode(JSON.stringify(wireTraces(stored)));
  parentPort?.postMessage(json, [json.buffer as ArrayBuffer]);
}
