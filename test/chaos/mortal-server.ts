import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../fixtures/free-port.ts";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface MortalServerOptions {
  readonly dataDir: string;
  /** Starts a program somewhere else than here. */
  readonly start?: (words: readonly string[], environment: Readonly<Record<string, string>>) => ChildProcess;
  readonly environment?: Readonly<Record<string, string>>;
}

/** `fluoroscope up` on one port and one data folder, which may be killed and started as often as one likes. */
export class MortalServer {
  readonly port: number;
  readonly url: string;
  readonly #options: MortalServerOptions;
  #child: ChildProcess | undefined;
  #log = "";

  constructor(port: number, options: MortalServerOptions) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#options = options;
  }

  static async start(options: MortalServerOptions): Promise<MortalServer> {
    const server = new MortalServer(await freePort(), options);
    await server.start();
    return server;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const { dataDir, environment = {}, start = startHere } = this.#options;
    const ports = ["--port", String(this.port), "--otlp-http-port", "0", "--otlp-grpc-port", "0"];
    const child = start(
      [process.execPath, main, "up", ...ports, "--data-dir", dataDir, "--log-format", "json"],
      environment,
    );
    this.#child = child;
    child.stderr?.on("data", (bytes) => {
      this.#log = (this.#log + bytes).slice(-20_000);
    });
    while (child.exitCode === null && !(await isAnswering(this.url))) await sleep(50);
    if (child.exitCode !== null) throw new Error(`up ended with ${child.exitCode}:\n${this.#log}`);
  }

  /** Answers when the process is gone. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** What it wrote to its log lately. */
  get log(): string {
    return this.#log;
  }
}

function startHere(words: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  const [program, ...rest] = words;
  return spawn(program!, rest, { env: { ...process.env, ...environment }, stdio: ["ignore", "ignore", "pipe"] });
}

async function isAnswering(url: string): Promise<boolean> {
  return fetch(`${url}/api/status`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}
