import type { DaemonConfig } from "../daemon/daemon-config.ts";
import { createDaemonLog, type DaemonLog } from "../daemon/daemon-log.ts";
import type { DaemonOrder } from "../daemon/read-daemon-config.ts";
import { withRegion } from "../daemon/with-region.ts";
import { listenForSignals } from "./daemon-signals.ts";
import type { Environment } from "./terminal.ts";

/** An order to run, which knows the whole configuration. */
type RunOrder = Extract<DaemonOrder, { readonly config: DaemonConfig }>;

export interface RunOptions {
  readonly order: RunOrder;
  /** What the command line, the file and the environment say by now. */
  readonly readAgain: () => Promise<DaemonOrder>;
  readonly environment: Environment;
  readonly version: string;
}

/**
 * Runs the daemon until SIGTERM or SIGINT; SIGHUP has configuration and log file read and opened anew. Rejects when it
 * cannot start, which the log tells of.
 */
export async function runUntilStopped({ order, readAgain, environment, version }: RunOptions): Promise<void> {
  const log = createDaemonLog(order.config);
  const signals = listenForSignals();
  try {
    sayStart(order, version, log);
    const [known, { runDaemon }] = await Promise.all([
      withRegion(order.config, environment, log),
      import("../run-daemon.ts"),
    ]);
    let config = known;
    const running = await runDaemon(config, { log, environment, version });
    signals.onHangUp(async () => {
      try {
        const next = await reread(config, await readAgain(), environment, log);
        await running.reload(next);
        config = next;
        log.info({ text: "Configuration read again" }, "configuration read again");
      } catch (error) {
        log.error({ text: `${messageOf(error)} Going on as before.` }, "configuration not changed");
      }
    });
    const signal = await signals.stopped;
    log.info({ text: `Stopping after ${signal}`, signal }, "stopping");
    await running.close();
    log.info({ text: "Shutdown finished" }, "stopped");
  } catch (error) {
    log.error({ text: messageOf(error) }, "stopped by an error");
    throw error;
  } finally {
    signals.close();
    log.close();
  }
}

/** In the order in which the original tells of them. */
function sayStart({ config, warnings }: RunOrder, version: string, log: DaemonLog): void {
  const { memoryBytes, spillFolder, spillMaxBytes } = config;
  log.info({ text: `Initializing fluoroscope daemon ${version}`, version }, "starting");
  const megabytes = Math.round(memoryBytes / 2 ** 20);
  log.info({ text: `Using buffer memory limit of ${megabytes} MB`, memoryBytes }, "memory limit");
  const spilling =
    spillFolder === undefined ? "Nothing goes to disk" : `What cannot be sent yet goes to ${spillFolder}`;
  log.info({ text: spilling, spillFolder, spillMaxBytes }, "spill");
  // Each is its own message, or the second would count as the first one repeated.
  for (const warning of warnings) log.warn({}, warning);
}

/** The log file is opened anew even when the configuration cannot be read. */
async function reread(
  current: DaemonConfig,
  order: DaemonOrder,
  environment: Environment,
  log: DaemonLog,
): Promise<DaemonConfig> {
  log.reopen(order.kind === "run" ? order.config : current);
  if (order.kind === "mistake") throw order.error;
  if (order.kind !== "run") throw new Error("The command line does not ask for a daemon any more.");
  for (const warning of order.warnings) log.warn({}, warning);
  const { config } = order;
  // Where this machine is does not change while it runs.
  return withRegion({ ...config, region: config.region ?? current.region }, environment, log);
}

/** Errors of ours are sentences; those of others may be less. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
