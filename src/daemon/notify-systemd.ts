import { execFile } from "node:child_process";
import type { Log } from "../log.ts";

/** What systemd is told, where it started us; elsewhere nothing is done. Each resolves when it has been told. */
export interface SystemdNotifier {
  ready(): Promise<void>;
  reloading(): Promise<void>;
  stopping(): Promise<void>;
  /** Ends the watchdog's beats. May be called twice. */
  close(): void;
}

export interface SystemdOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What `systemctl status` shows, in a sentence. */
  readonly status: () => string;
  /** Whether the daemon does its work; while it does not, the watchdog hears nothing, and systemd starts it anew. */
  readonly isTurning: () => boolean;
  readonly log: Log;
}

const timeoutMs = 5_000;

/**
 * Tells systemd through its program `systemd-notify`, for Node opens no datagram sockets of this kind. The unit needs
 * `NotifyAccess=all`, since that program and not we is the one who speaks.
 */
export function notifySystemd({ environment, status, isTurning, log }: SystemdOptions): SystemdNotifier {
  const socket = environment.NOTIFY_SOCKET ?? "";
  let telling: Promise<void> = Promise.resolve();
  /** One after another: their order is their meaning. */
  const tell = (...variables: string[]): Promise<void> => {
    if (socket !== "") telling = telling.then(() => runNotify(variables, environment, log));
    return telling;
  };

  const beatMs = watchdogMs(environment) / 2;
  const beats = socket !== "" && beatMs > 0 ? setInterval(beat, beatMs) : undefined;
  beats?.unref();
  function beat(): void {
    if (isTurning()) void tell("WATCHDOG=1", `STATUS=${status()}`);
    else log.error({}, "nothing moves here any more; systemd's watchdog is not told otherwise");
  }

  return {
    ready: () => tell("READY=1", `STATUS=${status()}`),
    // systemd wants to know when, by a clock that nobody sets, to tell this reload from an earlier one.
    reloading: () => tell("RELOADING=1", `MONOTONIC_USEC=${process.hrtime.bigint() / 1_000n}`),
    stopping: () => tell("STOPPING=1", `STATUS=${status()}`),
    close: () => clearInterval(beats),
  };
}

/** 0: nobody watches us. */
function watchdogMs({ WATCHDOG_USEC, WATCHDOG_PID }: SystemdOptions["environment"]): number {
  const isOurs = WATCHDOG_PID === undefined || WATCHDOG_PID === String(process.pid);
  const ms = Number(WATCHDOG_USEC) / 1_000;
  return isOurs && ms > 0 ? ms : 0;
}

function runNotify(variables: readonly string[], environment: SystemdOptions["environment"], log: Log): Promise<void> {
  const { PATH, NOTIFY_SOCKET } = environment;
  const env = { PATH, NOTIFY_SOCKET };
  return new Promise((resolve) => {
    execFile("systemd-notify", variables, { env, timeout: timeoutMs }, (error) => {
      if (error !== null) {
        const text =
          `systemd cannot be told how the daemon fares: systemd-notify failed (${error.message.trim()}). ` +
          "Install the program, or use Type=exec and no WatchdogSec in the unit.";
        log.warn({ text }, "systemd cannot be told how the daemon fares");
      }
      resolve();
    });
  });
}
