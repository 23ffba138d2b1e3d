import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { type Encoding, type Translated, translate } from "./translate.ts";

/** What the thread is sent. */
export interface TranslateTask {
  readonly bytes: Uint8Array;
  readonly encoding: Encoding;
}

interface Waiting {
  readonly resolve: (translated: Translated) => void;
  readonly reject: (error: Error) => void;
}

/** Translating more than this takes longer than receiving can wait, and then happens in a thread of its own. */
const largeBytes = 48 * 1024;
/** A request that needs more memory than this (`[{},{},…]` may) ends the thread, and nothing else. */
const maxMegabytes = 768;

/**
 * Translates requests: small ones at once, others in a thread that starts with the first of them, and is started anew if it
 * ends. Answers come in the order of the questions. Bytes are handed over: nobody may look at them afterwards.
 */
export class TranslateThread {
  readonly #maxMegabytes: number;
  #worker: Worker | undefined;
  #waiting: Waiting[] = [];

  constructor(options: { readonly maxMegabytes?: number } = {}) {
    this.#maxMegabytes = options.maxMegabytes ?? maxMegabytes;
  }

  async translate(bytes: Uint8Array, encoding: Encoding): Promise<Translated> {
    if (bytes.length <= largeBytes) return translate(bytes, encoding);
    this.#worker ??= this.#start();
    const worker = this.#worker;
    worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      // Handed over, not copied; a part of a larger buffer cannot be.
      const task = { bytes: isWhole(bytes) ? bytes : new Uint8Array(bytes), encoding };
      worker.postMessage(task satisfies TranslateTask, [task.bytes.buffer]);
    });
  }

  /** Whoever still waits is told that it ended. May be called twice. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    // The process's own flags are not for it: some, as --input-type, would keep it from starting.
    const worker = new Worker(threadFile(), {
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#maxMegabytes },
    });
    let cause: unknown;
    worker.on("message", (translated: Translated) => {
      this.#waiting.shift()?.resolve(translated);
      if (this.#waiting.length === 0) worker.unref();
    });
    worker.on("error", (error) => {
      cause = error;
    });
    worker.on("exit", () => {
      this.#worker = undefined;
      // The one that was under way is to blame; the others may come again.
      if (isOutOfMemory(cause)) this.#waiting.shift()?.resolve(tooLarge(this.#maxMegabytes));
      const waiting = this.#waiting;
      this.#waiting = [];
      const error = new Error("The thread that translates spans ended.", { cause });
      for (const { reject } of waiting) reject(error);
    });
    return worker;
  }
}

function tooLarge(megabytes: number): Translated {
  return { kind: "undecodable", reason: `reading it takes more than ${megabytes} MB of memory; send smaller batches` };
}

function isOutOfMemory(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY";
}

/** Whether the bytes are all of their buffer, and so may be handed over with it. */
function isWhole(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
}

/** The built file; or the source when that is what runs, as in tests: then the thread has to load the loader first. */
function threadFile(): URL {
  if (!import.meta.url.endsWith(".ts")) return new URL("translate-worker.js", import.meta.url);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const loader = new URL("dist/esm/api/index.mjs", tsx);
  const source = new URL("translate-worker.ts", import.meta.url);
  const start = `import { register } from "${loader}"; register(); await import("${source}");`;
  return new URL(`data:text/javascript,${encodeURIComponent(start)}`);
}
