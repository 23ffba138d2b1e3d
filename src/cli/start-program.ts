import { spawn } from "node:child_process";
import { constants } from "node:os";

/** How a program ended: its exit code as a shell would tell it, and why it could not be started, if so. */
export interface Ended {
  readonly code: number;
  readonly message?: string;
}

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH"] as const;
/** A terminal sends these to everybody in front of it, the program among them. */
const fromKeyboard: ReadonlySet<string> = new Set(["SIGINT", "SIGQUIT", "SIGWINCH"]);
/** Shells' own numbers for what cannot be run. */
const [notExecutable, notFound, signalBase] = [126, 127, 128];

/** Runs a program on our own input and output, passes signals on to it, and waits for its end. */
export function startProgram(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { env, stdio: "inherit" });
    const pass = (signal: NodeJS.Signals): void => {
      if (!(process.stdin.isTTY && fromKeyboard.has(signal))) child.kill(signal);
    };
    for (const signal of forwarded) process.on(signal, pass);
    const end = (ended: Ended): void => {
      for (const signal of forwarded) process.off(signal, pass);
      resolve(ended);
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === "ENOENT";
      const reason = isMissing ? "there is no such program" : (error.code ?? error.message);
      end({
        code: isMissing ? notFound : notExecutable,
        message: `"${program}" cannot be run: ${reason}. Check its name and permissions.`,
      });
    });
    child.once("exit", (code, signal) => {
      end({ code: signal === null ? (code ?? 0) : signalBase + constants.signals[signal] });
    });
  });
}
