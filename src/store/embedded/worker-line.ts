import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { type Transferable, Worker } from "node:worker_threads";
import { StoreError } from "../../errors.ts";
import type { Answered, Asked, Cancelled, Protocol } from "./worker-protocol.ts";

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  readonly onPartial?: ((partial: never) => void) | undefined;
}

/**
 * The main thread's end of one worker: questions out, answers back. The worker starts with the first question, lets the
 * process end while nothing is asked, and is started anew if it dies.
 */
export class WorkerLine<P extends Protocol> {
  readonly #name: string;
  readonly #data: object;
  readonly #onNews: (news: never) => void;
  readonly #beside: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #asked = 0;

  /** `name` is that of the file beside this one, or beside another; `data` is what every new worker is told first. */
  constructor(name: string, data: object, onNews: (news: never) => void = () => {}, beside: string = import.meta.url) {
    this.#name = name;
    this.#data = data;
    this.#onNews = onNews;
    this.#beside = beside;
  }

  get isStarted(): boolean {
    return this.#worker !== undefined;
  }

  /** How many questions are open: who has a choice of workers asks the idler one. */
  get load(): number {
    return this.#waiting.size;
  }

  ask<K extends keyof P & string>(
    kind: K,
    question: P[K]["question"],
    options: {
      transfer?: Transferable[];
      onPartial?: (partial: P[K]["partial"]) => void;
      /** Aborted when nobody waits for the answer any more. */
      signal?: AbortSignal;
    } = {},
  ): Promise<P[K]["answer"]> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.#worker ??= this.#start();
    this.#worker.ref();
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, onPartial: options.onPartial });
      const message: Asked = { id, kind, question };
      this.#worker?.postMessage(message, options.transfer ?? []);
      signal?.addEventListener(
        "abort",
        () => {
          reject(signal.reason);
          const cancelled: Cancelled = { id, isCancelled: true };
          this.#worker?.postMessage(cancelled);
        },
        { once: true },
      );
    });
  }

  /** Ends the thread; whoever still waits is told that the store is closed. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    // Node 22 calls its SQLite experimental each time it is loaded, on the terminal of somebody who cannot help it.
    const execArgv = ["--disable-warning=ExperimentalWarning"];
    const worker = new Worker(workerFile(this.#name, this.#beside), { workerData: this.#data, execArgv });
    worker.on("message", (message: Answered) => this.#take(message));
    let cause: unknown;
    worker.on("error", (error) => {
      cause = error;
    });
    worker.on("exit", () => this.#ended(worker, cause));
    return worker;
  }

  #take(message: Answered): void {
    if ("news" in message) {
      this.#onNews(message.news as never);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    if ("partial" in message) {
      waiting.onPartial?.(message.partial as never);
      return;
    }
    this.#waiting.delete(message.id);
    if (this.#waiting.size === 0) this.#worker?.unref();
    if ("failure" in message) {
      const { code, message: text, retryable } = message.failure;
      waiting.reject(new StoreError(code, text, { retryable }));
    } else {
      waiting.resolve(message.answer as never);
    }
  }

  #ended(worker: Worker, cause: unknown): void {
    if (this.#worker === worker) this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    const error =
      cause === undefined
        ? new StoreError("FLUORO_STORE_CLOSED", "The store was closed while it worked. Open it again.", {
            retryable: false,
          })
        : new StoreError("FLUORO_STORE_WRITE", `The store's ${this.#name} stopped: ${text(cause)}. Try again.`, {
            cause,
            retryable: true,
          });
    for (const { reject } of waiting) reject(error);
  }
}

const text = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** The built file; or the source when that is what runs, as in tests: then the worker has to load the loader first. */
function workerFile(name: string, beside: string): URL {
  if (!import.meta.url.endsWith(".ts")) return new URL(`./${name}.js`, beside);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const loader = new URL("dist/esm/api/index.mjs", tsx);
  const source = new URL(`./${name}.ts`, beside);
  const start = `import { register } from "${loader}"; register(); await import("${source}");`;
  return new URL(`data:text/javascript,${encodeURIComponent(start)}`);
}
