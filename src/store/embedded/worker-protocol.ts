import type { MessagePort } from "node:worker_threads";
import { type ErrorCode, FluoroscopeError, StoreError } from "../../errors.ts";

/** What a worker can be asked: for each kind of question its answer, and the partial answers that may come before. */
export type Protocol = Record<string, { question: unknown; answer: unknown; partial: unknown }>;

export interface Asked {
  readonly id: number;
  readonly kind: string;
  readonly question: unknown;
}

/** Nobody waits for the answer any more. */
export interface Cancelled {
  readonly id: number;
  readonly isCancelled: true;
}

/** News is what nobody asked for. */
export type Answered =
  | { readonly news: unknown }
  | { readonly id: number; readonly partial: unknown }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failure: Failure };

interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
}

export type Handlers<P extends Protocol> = {
  readonly [K in keyof P]: (
    question: P[K]["question"],
    onPartial: (partial: P[K]["partial"]) => void,
  ) => P[K]["answer"] | Promise<P[K]["answer"]>;
};

/**
 * The worker's end: answers each question with its handler's result, or with the error in words. A handler whose question was
 * cancelled is ended at its next partial answer.
 */
export function answerQuestions<P extends Protocol>(port: MessagePort, handlers: Handlers<P>): void {
  /** Those under way, and whether they are still waited for. */
  const isWanted = new Map<number, boolean>();
  port.on("message", async (asked: Asked | Cancelled) => {
    const { id } = asked;
    if ("isCancelled" in asked) {
      if (isWanted.has(id)) isWanted.set(id, false);
      return;
    }
    const onPartial = (partial: unknown): void => {
      if (!isWanted.get(id)) throw cancelled();
      port.postMessage({ id, partial });
    };
    isWanted.set(id, true);
    let message: Answered;
    try {
      message = { id, answer: await handlers[asked.kind as keyof P](asked.question, onPartial) };
    } catch (error) {
      message = { id, failure: toFailure(error) };
    }
    isWanted.delete(id);
    port.postMessage(message);
  });
}

/** Whoever cancelled has been told already. */
const cancelled = (): StoreError =>
  new StoreError("FLUORO_STORE_CLOSED", "The question was cancelled. Ask it again.", { retryable: true });

function toFailure(error: unknown): Failure {
  if (error instanceof FluoroscopeError) {
    return { code: error.code, message: error.message, retryable: "retryable" in error && error.retryable === true };
  }
  const what = error instanceof Error ? error.message : String(error);
  return {
    code: "FLUORO_STORE_WRITE",
    message: `The store failed: ${what}. This should not happen.`,
    retryable: false,
  };
}
