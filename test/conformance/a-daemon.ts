import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DaemonConfig } from "../../src/daemon/daemon-config.ts";
import { readDaemonConfig } from "../../src/daemon/read-daemon-config.ts";
import { type Log, silentLog } from "../../src/log.ts";
import { type RunningDaemon, runDaemon } from "../../src/run-daemon.ts";
import { type DaemonFigures, readFigures } from "../fixtures/daemon-figures.ts";

/** A daemon in this process on free ports. */
export interface ADaemon extends RunningDaemon {
  /** Base URL of the TCP side. */
  readonly url: string;
  readonly folder: string;
  send(...documents: readonly string[]): Promise<void>;
  figures(): Promise<DaemonFigures>;
  post(path: string, body: string | object, headers?: Record<string, string>): Promise<Response>;
}

const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };

export interface ADaemonOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Of an earlier one, to go on where it ended. */
  readonly folder?: string;
  readonly log?: Log;
}

/** The configuration that these words make, with its spill in this folder. */
export async function aDaemonConfig(words: readonly string[], folder: string): Promise<DaemonConfig> {
  const defaults = ["-b", "127.0.0.1:0", "-t", "127.0.0.1:0", "-n", "eu-west-1", "-o", "--spill-dir", folder];
  const order = await readDaemonConfig({ words: [...defaults, ...words], environment: {} });
  if (order.kind !== "run") throw new Error(JSON.stringify(order));
  return order.config;
}

/** Starts it with these words on its command line. Closing it removes its folder, unless it was given. */
export async function aDaemon(words: readonly string[], options: ADaemonOptions = {}): Promise<ADaemon> {
  const { environment = keys, log = silentLog } = options;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "fluoroscope-daemon-"));
  const config = await aDaemonConfig(words, folder);
  const running = await runDaemon(config, { log, environment: { HOME: folder, ...environment }, version: "0.0.0" });
  const socket = createSocket("udp4");
  const port = Number(running.addresses.udp.split(":")[1]);
  const url = `http://${running.addresses.tcp}`;
  return {
    ...running,
    url,
    folder,
    async send(...documents) {
      for (const document of documents) {
        await new Promise<void>((resolve, reject) => {
          const bytes = `{"format":"json","version":1}\n${document}`;
          socket.send(bytes, port, "127.0.0.1", (error) => (error ? reject(error) : resolve()));
        });
      }
    },
    figures: () => readFigures(url),
    post: (path, body, headers = {}) =>
      fetch(url + path, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) }),
    async close() {
      await running.close();
      socket.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
