import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { installChdb } from "./install-chdb.ts";

/** A ClickHouse of our own: a process with chDB behind ClickHouse's HTTP interface. */
export interface ClickHouseServer {
  readonly port: number;
  readonly pid: number;
  /** For `--store`; every database that it names is another one. */
  address(database?: string): string;
  /** As with `kill -9`. */
  kill(): Promise<void>;
  /** With the same data at the same port, after `kill`. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Starts one, or says why there is none: tests print that and skip. */
export async function startClickHouse(): Promise<ClickHouseServer | { readonly reason: string }> {
  const chdb = await installChdb();
  if ("reason" in chdb) return chdb;
  const data = mkdtempSync(join(tmpdir(), "clickhouse-test-"));
  let running = await startProcess(chdb.folder, data, 0);
  const { port } = running;
  return {
    port,
    get pid() {
      return running.child.pid ?? 0;
    },
    address: (database = "fluoroscope") => `clickhouse://127.0.0.1:${port}/${database}`,
    kill: () => kill(running.child),
    start: async () => {
      running = await startProcess(chdb.folder, data, port);
    },
    stop: async () => {
      await kill(running.child);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

async function startProcess(chdb: string, data: string, port: number): Promise<Running> {
  const tsx = fileURLToPath(import.meta.resolve("tsx"));
  const script = fileURLToPath(new URL("server-process.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", tsx, script, chdb, data, String(port)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const ready = /^ready (\d+)$/.exec(line);
    if (ready !== null) return { child, port: Number(ready[1]) };
  }
  throw new Error("The process with chDB ended before it was ready.");
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
