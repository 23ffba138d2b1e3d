import type { MessagePort } from "node:worker_threads";
import { type ErrorCode, FluoroscopeError } from "../../errors.ts";

/** What a worker can be asked: for each kind of question its answer, and the partial answers that may come before. */
export type Protocol = Record<string, { question: unknown; answer: unknown; partial: unknown }>;

export interface Asked {
  readonly id: number;
  readonly kind: string;
  readonly question: unknown;
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

/** The worker's end: answers each question with its handler's result, or with the error in words. */
export function answerQuestions<P extends Protocol>(port: MessagePort, handlers: Handlers<P>): void {
  port.on("message", async ({ id, kind, question }: Asked) => {
    let message: Answered;
    try {
      message = {
        id,
        answer: await handlers[kind as keyof P](question, (partial) => port.postMessage({ id, partial })),
      };
    } catch (error) {
      message = { id, failure: toFailure(error) };
    }
    port.postMessage(message);
  });
}

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
