import { Worker } from "node:worker_threads";
import { threadFile } from "./thread-file.ts";
import type { NumberedAnswer, NumberedQuestion, TraceQuestion } from "./trace-worker.ts";

/** Who has looked at no large trace for so long has left: the thread with all that it knows is let go. */
const idleMs = 60_000;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The thread that large traces are opened in. It starts with the first question and ends when nobody has asked for long. */
export class TraceThread {
  readonly #onEnd: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #asked = 0;

  /** `onEnd` is told when all that the thread knew is gone. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  ask(question: TraceQuestion): Promise<unknown> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    worker.ref();
    clearTimeout(this.#idle);
    const number = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      worker.postMessage({ number, question } satisfies NumberedQuestion);
    });
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #start(): Worker {
    // The process's own flags are not for it: some, as --input-type, would keep it from starting.
    const worker = new Worker(threadFile("trace-worker"), { execArgv: [] });
    let cause: Error | undefined;
    worker.on("message", (message: NumberedAnswer) => this.#take(message));
    worker.once("error", (error: Error) => {
      cause = error;
    });
    worker.once("exit", () => {
      this.#worker = undefined;
      const error = new Error("The thread that opens large traces ended early.", { cause });
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
      this.#onEnd();
    });
    return worker;
  }

  #take({ number, answer, failure }: NumberedAnswer): void {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (failure === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(`Opening a large trace failed: ${failure}`));
    if (this.#waiting.size > 0) return;
    // Nobody waits: the process may end, and the thread will.
    this.#worker?.unref();
    this.#idle = setTimeout(() => void this.#worker?.terminate(), idleMs);
    this.#idle.unref();
  }
}
