import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { buildRequest } from "../call/build-request.ts";
import type { CallOrder } from "./call-order.ts";
import { exitCodes } from "./exit-codes.ts";
import { interruptible } from "./interruptible.ts";
import type { Terminal } from "./terminal.ts";
import { watchFiles } from "./watch-files.ts";

interface Watch {
  readonly paths: readonly string[];
  readonly call: () => Promise<number>;
}

/** A program that is started anew by the same change gets this long to listen again. */
const patienceMs = 10_000;
const pollMs = 50;

/** Calls, and again after each change below some paths, until it is interrupted. */
export async function callOnChange(order: CallOrder, { paths, call }: Watch, terminal: Terminal): Promise<number> {
  const files = watchFiles(paths);
  const { signal, release } = interruptible(terminal.outputClosed);
  const ended = new Promise<"ended">((resolve) => signal.addEventListener("abort", () => resolve("ended")));
  try {
    const url = buildRequest(order.url, {}).url;
    let code = await call();
    for (;;) {
      if (signal.aborted || code === exitCodes.interrupted) return exitCodes.interrupted;
      if (order.output === "drawing") terminal.progress(`Waiting for a change of ${paths.join(", ")}  (Ctrl-C ends)`);
      if ((await Promise.race([files.changed(), ended])) === "ended") return exitCodes.interrupted;
      await listening(url, signal);
      if (order.output === "drawing") terminal.clear();
      code = await call();
    }
  } finally {
    terminal.progress("");
    files.close();
    release();
  }
}

/** Waits until somebody takes connections there; for a moment only, as the call itself tells best what is wrong. */
async function listening({ hostname, port, protocol }: URL, signal: AbortSignal): Promise<void> {
  const where = {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
  };
  const giveUpMs = Date.now() + patienceMs;
  while (!signal.aborted && Date.now() < giveUpMs && !(await isOpen(where))) await delay(pollMs);
}

function isOpen(where: { readonly host: string; readonly port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(where);
    const answer = (isThere: boolean) => (): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", answer(true)).once("error", answer(false)).setTimeout(1_000, answer(false));
  });
}
