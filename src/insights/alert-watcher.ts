import type { Log } from "../log.ts";
import type { SettingsStore } from "../settings/settings.ts";
import type { TraceStore } from "../store/trace-store.ts";
import { type Breach, findBreaches } from "./find-breaches.ts";

/** That a figure went above its limit, or came back. */
export interface AlertEvent extends Breach {
  readonly state: "ALARM" | "OK";
}

export interface AlertWatcherOptions {
  readonly store: Pick<TraceStore, "serviceGraph">;
  readonly settings: SettingsStore;
  readonly notify: (event: AlertEvent) => void;
  /** Whether it is for this process to watch; absent: always. Of many on one store one does. */
  readonly isOurs?: () => Promise<boolean>;
  readonly log: Log;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Tells when a service goes above one of its limits, and when it is back. */
export interface AlertWatcher {
  /** Looks once. Runs by itself; to be called in tests. */
  watch(): Promise<void>;
  close(): Promise<void>;
}

const tickMs = 30_000;
/** What the figures are of: short enough to be news, long enough to be no chance. */
const windowSeconds = 300;

/** Begins to watch. Nothing is read while no service has a limit. */
export function watchAlerts({ store, settings, notify, isOurs, log, now }: AlertWatcherOptions): AlertWatcher {
  /** Those that were told, by service and figure. */
  let known = new Map<string, Breach>();
  let running: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    const { alerts = [] } = await settings.read();
    if (alerts.length === 0 && known.size === 0) return;
    if (isOurs !== undefined && !(await isOurs())) {
      known.clear();
      return;
    }
    const endSeconds = now() / 1000;
    const graph = await store.serviceGraph({ startSeconds: endSeconds - windowSeconds, endSeconds });
    const found = new Map(findBreaches(alerts, graph).map((breach) => [`${breach.figure} ${breach.service}`, breach]));
    for (const [key, breach] of found) if (!known.has(key)) notify({ ...breach, state: "ALARM" });
    for (const [key, breach] of known) if (!found.has(key)) notify({ ...breach, state: "OK" });
    known = found;
  };
  const watch = (): Promise<void> => {
    running = running.then(look).catch((error: unknown) => {
      log.warn(
        { error: error instanceof Error ? error.message : String(error) },
        "watching the services' limits failed",
      );
    });
    return running;
  };
  const timer = setInterval(watch, tickMs);
  timer.unref();
  return {
    watch,
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
