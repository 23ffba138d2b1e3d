import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../test/fixtures/free-port.ts";
import { eventually, isUdpBound } from "./process-figures.ts";

/** A daemon that is measured. All speak the original's command line, so all are started with the same words. */
export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  readonly isOurs: boolean;
}

export interface RunningDaemon {
  readonly contender: Contender;
  readonly pid: number;
  readonly udpPort: number;
  /** Of the TCP side. */
  readonly url: string;
  /** From starting the process to its UDP socket, and until it answers on TCP. */
  readonly receivingMs: number;
  readonly answeringMs: number;
  readonly folder: string;
  isRunning(): boolean;
  /** Sends the signal and answers when the process has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** None of them outlives this program, however it ends. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Ours, and the original where its binary is named. */
export function contenders(originalBinary: string | undefined): readonly Contender[] {
  const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
  const ours = { name: "fluoroscope", command: [process.execPath, main, "daemon"], isOurs: true };
  if (originalBinary === undefined) return [ours];
  return [ours, { name: "original", command: [originalBinary], isOurs: false }];
}

export interface StartOptions {
  readonly upstream: string;
  /** Pins all of it to one core. */
  readonly cpu?: number | undefined;
  /** Spill, configuration and log; a fresh one by default. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a daemon as its users do, with a configuration file, credentials in the environment, and everything in a folder. */
export async function startDaemon(contender: Contender, options: StartOptions): Promise<RunningDaemon> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "daemon-bench-"));
  const port = await freePort();
  const config = join(folder, "cfg.yaml");
  writeFileSync(config, `Version: 2\nEndpoint: "${options.upstream}"\n`);
  const address = `127.0.0.1:${port}`;
  const log = join(folder, "daemon.log");
  const flags = ["-c", config, "-n", "us-east-1", "-o", "-b", address, "-t", address, "-l", "error", "-f", log];
  const pinned = options.cpu === undefined ? [] : ["taskset", "-c", String(options.cpu)];
  const words = [...pinned, ...contender.command, ...flags];
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    AWS_EC2_METADATA_DISABLED: "true",
    FLUOROSCOPE_DAEMON_SPILL_DIR: join(folder, "spill"),
    ...options.env,
  };
  const startMs = performance.now();
  const child = spawn(words[0]!, words.slice(1), { env, stdio: ["ignore", "ignore", "inherit"], cwd: folder });
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  running.add(child);
  child.once("exit", () => running.delete(child));
  const since = async (isTrue: () => boolean | Promise<boolean>): Promise<number> => {
    await eventually(async () => !isRunning() || (await isTrue()), { everyMs: 2, forMs: 15_000 });
    return performance.now() - startMs;
  };
  const receivingMs = await since(() => isUdpBound(port));
  const answeringMs = await since(() => isAnswering(port));
  if (!isRunning()) throw new Error(`${contender.name} did not start: ${words.join(" ")}; see ${log}`);
  return {
    contender,
    pid: child.pid!,
    udpPort: port,
    url: `http://${address}`,
    receivingMs,
    answeringMs,
    folder,
    isRunning,
    stop: (signal = "SIGTERM") => stopped(child, signal),
  };
}

/** Stops it at once and removes all that it left. */
export async function removeDaemon(daemon: RunningDaemon): Promise<void> {
  await daemon.stop("SIGKILL");
  rmSync(daemon.folder, { recursive: true, force: true });
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, "exit");
}

function isAnswering(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
