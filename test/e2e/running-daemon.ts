import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect } from "vitest";
import { type DaemonFigures, readFigures } from "../fixtures/daemon-figures.ts";
import { freePort } from "../fixtures/free-port.ts";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** `fluoroscope daemon` as built, in a process of its own. */
export interface RunningDaemon {
  readonly udpPort: number;
  /** Base URL of the TCP side. */
  readonly url: string;
  /** Where configuration, spill and whatever else it writes are. */
  readonly folder: string;
  /** One after the other; answers when the system has taken them. */
  send(...datagrams: readonly (string | Uint8Array)[]): Promise<void>;
  figures(): Promise<DaemonFigures>;
  /** `/healthz`: its status, and what it says. */
  health(): Promise<{ readonly status: number; readonly text: string }>;
  /** All that it has written to its standard output and standard error. */
  said(): string;
  signal(signal: NodeJS.Signals): void;
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ending>;
}

export interface Ending {
  readonly code: number | null;
  readonly said: string;
  readonly tookMs: number;
}

export interface DaemonOptions {
  /** `--to`; none: `aws`, at the endpoint that flags or environment name. */
  readonly to?: readonly string[];
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** cfg.yaml's text, for `-c`. */
  readonly config?: string;
  /** Of an earlier one, to go on where it ended. */
  readonly folder?: string;
  readonly udpPort?: number;
  readonly tcpPort?: number;
}

/** Starts daemons for one test file. After each test those that still run must have counters that add up, and are ended. */
export function testDaemons(): { start(options?: DaemonOptions): Promise<RunningDaemon>; folder(): string } {
  const running: RunningDaemon[] = [];
  const folders: string[] = [];
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), "fluoroscope-daemon-"));
    folders.push(made);
    return made;
  };
  afterEach(async () => {
    const ended = running.splice(0);
    try {
      for (const daemon of ended) {
        const figures = await readFigures(daemon.url).catch(() => undefined);
        expect(figures?.imbalance ?? 0, "the counters of a daemon that still runs must balance").toBe(0);
      }
    } finally {
      await Promise.all(ended.map((daemon) => daemon.stop("SIGKILL")));
      for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
    }
  });
  return {
    folder,
    async start(options = {}) {
      const daemon = await startDaemon({ ...options, folder: options.folder ?? folder() });
      running.push(daemon);
      return daemon;
    },
  };
}

/** Runs `daemon` with these words until it ends by itself. */
export async function runToEnd(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ending> {
  const { child, said } = spawnDaemon(words, env);
  return ended(child, said);
}

async function startDaemon(options: DaemonOptions & { readonly folder: string }): Promise<RunningDaemon> {
  const { folder, to = [], flags = [], env = {}, config } = options;
  const free = await freePort();
  const udpPort = options.udpPort ?? free;
  const tcpPort = options.tcpPort ?? free;
  const ports = ["-b", `127.0.0.1:${udpPort}`, "-t", `127.0.0.1:${tcpPort}`];
  const words = [
    ...ports,
    "-o",
    "--spill-dir",
    join(folder, "spill"),
    ...to.flatMap((each) => ["--to", each]),
    ...flags,
  ];
  if (config !== undefined) {
    writeFileSync(join(folder, "cfg.yaml"), config);
    words.push("-c", join(folder, "cfg.yaml"));
  }
  const { child, said } = spawnDaemon(words, { HOME: folder, ...env });
  const url = `http://127.0.0.1:${tcpPort}`;
  const health = async (): Promise<{ status: number; text: string }> => {
    const answer = await fetch(`${url}/healthz`);
    return { status: answer.status, text: await answer.text() };
  };
  const socket = createSocket("udp4");
  child.once("exit", () => socket.close());
  await receiving(child, said, options.tcpPort === undefined ? async () => void (await health()) : undefined);
  return {
    udpPort,
    url,
    folder,
    async send(...datagrams) {
      for (const datagram of datagrams) {
        // As datagrams do: to nobody they go, too.
        if (child.exitCode !== null || child.signalCode !== null) return;
        await new Promise<void>((resolve, reject) => {
          socket.send(datagram, udpPort, "127.0.0.1", (error) => (error === null ? resolve() : reject(error)));
        });
      }
    },
    figures: () => readFigures(url),
    health,
    said,
    signal: (signal) => void child.kill(signal),
    async stop(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended(child, said);
    },
  };
}

function spawnDaemon(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): { child: ChildProcess; said: () => string } {
  if (!existsSync(main)) throw new Error("dist/ is not built. Run: npm run build");
  const surroundings = {
    PATH: process.env.PATH ?? "",
    HOME: "/nonexistent",
    LANG: "C.UTF-8",
    AWS_REGION: "eu-central-1",
    AWS_EC2_METADATA_DISABLED: "true",
    ...env,
  };
  const child = spawn(process.execPath, [main, "daemon", ...words], {
    env: surroundings,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  }
  return { child, said: () => text };
}

/** Waits until it answers; without a question, until it says that it is ready. */
async function receiving(child: ChildProcess, said: () => string, ask?: () => Promise<void>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The daemon ended:\n${said()}`);
    try {
      if (ask === undefined && /ready/i.test(said())) return;
      await ask?.();
      if (ask !== undefined) return;
    } catch {
      // Nobody answers there yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGKILL");
  throw new Error(`The daemon did not get ready:\n${said()}`);
}

async function ended(child: ChildProcess, said: () => string): Promise<Ending> {
  const startMs = performance.now();
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return { code: child.exitCode, said: said(), tookMs: performance.now() - startMs };
}
