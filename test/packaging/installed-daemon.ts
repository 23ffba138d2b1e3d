import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { aDocument, anId } from "../fixtures/builders.ts";
import { startFakeUpstream } from "../fixtures/fake-upstream.ts";
import { freePort } from "../fixtures/free-port.ts";
import { root } from "./built-packages.ts";
import { type OwnMachine, text } from "./own-machine.ts";
import { preparePythonTools } from "./python-tools.ts";
import { allowedSystemCalls, directive } from "./service-unit.ts";

/** The installed daemon, run as systemd would run it, that sends to a stand-in for X-Ray. */
export interface InstalledDaemon {
  /** Sends a segment and waits until it is there. */
  expectDelivery(): Promise<void>;
  /** As `systemctl stop`; answers the exit code. */
  stop(): Promise<number | null>;
  close(): Promise<void>;
}

type Launcher = { readonly words: readonly string[]; remove(): void } | { readonly reason: string };

const asUser: Launcher = {
  words: ["setpriv", "--reuid=xray", "--regid=xray", "--clear-groups", "--no-new-privs"],
  remove: () => undefined,
};

/** Starts it by the unit's command, settings in their usual place: as the unit's user, or under its filter as well. */
export async function startInstalled(
  machine: OwnMachine,
  how: "as user" | "filtered",
): Promise<InstalledDaemon | { readonly reason: string }> {
  const launcher = how === "as user" ? asUser : await underFilter();
  if ("reason" in launcher) return launcher;
  const upstream = await startFakeUpstream();
  const port = await freePort();
  const settings = `Version: 2
Region: eu-west-3
LocalMode: true
Socket: { UDPAddress: "127.0.0.1:${port}", TCPAddress: "127.0.0.1:${port}" }
Fluoroscope: { To: "${upstream.url}" }
`;
  await machine.run("sh", "-c", 'printf %s "$1" >/etc/amazon/xray/cfg.yaml', "sh", settings);

  const child = machine.start([...launcher.words, ...directive("ExecStart").split(" ")], {
    HOME: "/var/lib/fluoroscope",
    STATE_DIRECTORY: `/var/lib/${directive("StateDirectory")}`,
    LOGS_DIRECTORY: `/var/log/${directive("LogsDirectory")}`,
  });
  const said = text(child.stdout!, child.stderr!);
  const socket = createSocket("udp4");
  return {
    async expectDelivery() {
      const isHealthy = (): Promise<boolean> =>
        fetch(`http://127.0.0.1:${port}/healthz`).then(
          ({ ok }) => ok,
          () => false,
        );
      await expect.poll(isHealthy, { timeout: 30_000, message: said() }).toBe(true);
      const id = anId();
      socket.send(`{"format":"json","version":1}\n${aDocument({ id })}`, port, "127.0.0.1");
      await expect.poll(() => upstream.missing([id]), { timeout: 30_000 }).toBe(0);
    },
    async stop() {
      child.kill("SIGTERM");
      await once(child, "exit");
      return child.exitCode;
    },
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      socket.close();
      await upstream.close();
      launcher.remove();
    },
  };
}

async function underFilter(): Promise<Launcher> {
  const tools = await preparePythonTools();
  if ("reason" in tools) return tools;
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-filter-"));
  const calls = join(folder, "calls");
  writeFileSync(calls, `${allowedSystemCalls().join("\n")}\n`);
  return {
    words: [tools.python, join(root, "test/packaging/under-filter.py"), "xray", calls],
    remove: () => rmSync(folder, { recursive: true }),
  };
}
