import { parentPort } from "node:worker_threads";
import type { StoredTrace } from "../store/trace-store.ts";
import { OpenTrace } from "./trace-open.ts";

/** What the thread is asked: to open a trace, which is then the one it knows by that key; or something of one it knows. */
export type TraceQuestion =
  | { readonly kind: "open"; readonly key: string; readonly stored: StoredTrace }
  | { readonly kind: "segment"; readonly key: string; readonly id: string }
  | { readonly kind: "search"; readonly key: string; readonly text: string }
  | { readonly kind: "forget"; readonly key: string };

/** A question with the number that its answer carries. */
export interface NumberedQuestion {
  readonly number: number;
  readonly question: TraceQuestion;
}

/** `failure` says what went wrong in place of an answer. */
export interface NumberedAnswer {
  readonly number: number;
  readonly answer?: unknown;
  readonly failure?: string;
}

/** By then whoever asked has drawn the trace, and the cores are free for what may be asked next. */
const paintedMs = 500;

const open = new Map<string, OpenTrace>();

parentPort?.on("message", ({ number, question }: NumberedQuestion) => {
  try {
    const answer = answerTo(question);
    const transfer = answer instanceof Uint8Array ? [answer.buffer as ArrayBuffer] : [];
    parentPort?.postMessage({ number, answer } satisfies NumberedAnswer, transfer);
    if (question.kind === "open") setTimeout(() => open.get(question.key)?.prepareSearch(), paintedMs).unref();
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parentPort?.postMessage({ number, failure } satisfies NumberedAnswer);
  }
});

function answerTo(question: TraceQuestion): unknown {
  switch (question.kind) {
    case "open": {
      const trace = new OpenTrace(question.stored);
      open.set(question.key, trace);
      return trace.skeleton();
    }
    case "segment":
      return open.get(question.key)?.segment(question.id);
    case "search":
      return open.get(question.key)?.search(question.text);
    case "forget":
      open.delete(question.key);
      return undefined;
  }
}
