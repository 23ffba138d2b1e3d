import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { ServiceGraph } from "../graph/service-graph.ts";
import type { StoredTrace } from "../store/trace-store.ts";
import { traceGraph, wireTraces } from "./assemble-traces.ts";
import type { AssembleTask } from "./assemble-worker.ts";
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

function isLarge(stored: readonly StoredTrace[]): boolean {
  let characters = 0;
  for (const { documents } of stored) for (const document of documents) characters += document.length;
  return characters > largeCharacters;
}

function inThread(workerData: AssembleTask): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // The process's own flags are not for it: some, as --input-type, would keep it from starting.
    const worker = new Worker(threadFile(), { workerData, execArgv: [] });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("The thread that assembles traces ended early.")));
  });
}

/** The built file; or the source when that is what runs, as in tests: then the thread has to load the loader first. */
function threadFile(): URL {
  if (!import.meta.url.endsWith(".ts")) return new URL("assemble-worker.js", import.meta.url);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const loader = new URL("dist/esm/api/index.mjs", tsx);
  const source = new URL("assemble-worker.ts", import.meta.url);
  const start = `import { register } from "${loader}"; register(); await import("${source}");`;
  return new URL(`data:text/javascript,${encodeURIComponent(start)}`);
}
