import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A program that prints the port on which it listens. */
export interface RunningApp {
  readonly url: string;
  readonly child: ChildProcess;
  /** Ends it with a signal and answers how it ended. */
  end(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a program of Node's and waits until it listens. */
export async function startApp(
  args: readonly string[],
  { env = {}, cwd, node = process.execPath }: { env?: Record<string, string>; cwd?: string; node?: string } = {},
): Promise<RunningApp> {
  const child = spawn(node, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
    ...(cwd && { cwd }),
  });
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once("line", resolve);
    ended.then(([code]) => reject(new Error(`${args.join(" ")} ended with ${code} before it listened`)), reject);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    child,
    async end(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const [code, by] = await ended;
      return { code, signal: by };
    },
  };
}

/** Runs a program of Node's to its end, with what it printed and what it complained of. */
export async function runApp(
  args: readonly string[],
  { env = {}, cwd, node = process.execPath }: { env?: Record<string, string>; cwd: string; node?: string },
): Promise<{ code: number | null; output: string; complaints: string }> {
  const child = spawn(node, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const said = { output: "", complaints: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.complaints += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...said };
}
