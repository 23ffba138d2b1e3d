import { parentPort, workerData } from "node:worker_threads";
import type { StoredTrace } from "../store/trace-store.ts";
import { storedDigest, wireTrace } from "./assemble-stored.ts";

/** What the thread is started with: one trace, and what is wanted of it. */
export interface LargeTraceTask {
  readonly stored: StoredTrace;
  readonly want: "wire" | "digest";
}

// The data is what `large-trace.ts` started this thread with.
const { stored, want } = workerData as LargeTraceTask;
if (want === "digest") {
  parentPort?.postMessage(storedDigest(stored));
} else {
  parentPort?.postMessage(JSON.stringify(wireTrace(stored)));
}
