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

function inThread(workerData: LargeTraceTask): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // The process's own flags are not for it: some, as --input-type, would keep it from starting.
    const worker = new Worker(threadFile(), { workerData, execArgv: [] });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("The thread that assembled a trace ended early.")));
  });
}

/** The built file; or the source when that is what runs, as in tests: then the thread has to load the loader first. */
function threadFile(): URL {
  if (!import.meta.url.endsWith(".ts")) return new URL("large-trace-worker.js", import.meta.url);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const loader = new URL("dist/esm/api/index.mjs", tsx);
  const source = new URL("large-trace-worker.ts", import.meta.url);
  const start = `import { register } from "${loader}"; register(); await import("${source}");`;
  return new URL(`data:text/javascript,${encodeURIComponent(start)}`);
}
