import { randomUUID } from "node:crypto";
import { type FilterOptions, parseFilter } from "../filter/parser.ts";
import type { Filter } from "../filter/tree.ts";
import type { Log } from "../log.ts";
import type { Group, Settings, SettingsStore } from "../settings/settings.ts";
import type { TraceStore } from "../store/trace-store.ts";
import { findAnomalies, type NodeHistory } from "./find-anomalies.ts";
import { type Following, followInsights, type Watch } from "./follow-insights.ts";
import { type Insight, type InsightLog, type InsightStore, keptSeconds } from "./insight.ts";

export interface WatcherOptions {
  readonly store: Pick<TraceStore, "serviceGraph">;
  readonly settings: SettingsStore;
  readonly insights: InsightStore;
  /** How the groups' expressions are read: as whoever asks by group has them read. */
  readonly reading: (settings: Settings) => FilterOptions;
  /** Hears of each event of groups whose notifications are enabled. */
  readonly notify?: (insight: Insight) => void;
  /** Whether it is for this process to watch; absent: always. Of many on one store one does. */
  readonly isOurs?: () => Promise<boolean>;
  /** How long tail sampling holds a trace back before it is in the store. */
  readonly heldSeconds?: number;
  readonly log: Log;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Watches the faults of all groups that want it. */
export interface InsightWatcher {
  /** Takes in the minutes that have become complete. Runs by itself; to be called in tests. */
  watch(): Promise<void>;
  close(): Promise<void>;
}

const tickMs = 15_000;
/** What ended in a minute has been written so long after it. */
const lagSeconds = 20;
/** Learnt from when a watch begins, and caught up at most after a pause. */
const lookBackMinutes = 60;

/** Begins to watch. Nothing is read while no group wants it. */
export function watchInsights(options: WatcherOptions): InsightWatcher {
  const { settings, insights, log, now, heldSeconds = 0 } = options;
  const watches = new Map<string, Watch>();
  let running: Promise<void> = Promise.resolve();

  const failed = ({ error, ...fields }: { readonly error: unknown; readonly group?: string }): void =>
    log.warn(
      { ...fields, error: error instanceof Error ? error.message : String(error) },
      "watching for insights failed",
    );

  const watchAll = async (): Promise<void> => {
    if (options.isOurs !== undefined && !(await options.isOurs())) {
      // Whoever watches now writes what follows; should it come back here, it is read anew.
      watches.clear();
      return;
    }
    const all = await settings.read();
    const wanted = all.groups.filter((group) => group.insightsEnabled);
    for (const name of watches.keys()) if (!wanted.some((group) => group.name === name)) watches.delete(name);
    for (const group of wanted) {
      await watchGroup(group, all).catch((error: unknown) => failed({ group: group.name, error }));
    }
  };

  const watchGroup = async (group: Group, all: Settings): Promise<void> => {
    const lastMinute = Math.floor((now() / 1000 - lagSeconds - heldSeconds) / 60) - 1;
    const known = await insights.read();
    const watched = known.watchedMinutes[group.name] ?? lastMinute - 1;
    const firstMinute = Math.max(watched + 1, lastMinute - lookBackMinutes + 1);
    if (firstMinute > lastMinute) return;
    const graphOf = minuteGraphs(options.store, filterOf(group, options.reading(all)));
    let watch = watches.get(group.name) ?? (await beginWatch(group.name, known, firstMinute, graphOf));
    const changed = new Map<string, Insight>();
    for (let minute = firstMinute; minute <= lastMinute; minute += 1) {
      const followed = followInsights(watch, await graphOf(minute), randomUUID);
      watch = followed.watch;
      for (const insight of followed.changed) changed.set(insight.id, insight);
    }
    watches.set(group.name, watch);
    await insights.change((log) => ({
      document: withInsights(log, [...changed.values()], group.name, lastMinute),
      result: undefined,
    }));
    if (!group.notificationsEnabled) return;
    const events = new Map(known.insights.map(({ id, events }) => [id, events.at(-1)?.atSeconds]));
    for (const insight of changed.values()) {
      if (insight.events.at(-1)?.atSeconds !== events.get(insight.id)) options.notify?.(insight);
    }
  };

  const watch = (): Promise<void> => {
    running = running.then(watchAll).catch((error: unknown) => failed({ error }));
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

type GraphOf = (minute: number) => ReturnType<TraceStore["serviceGraph"]>;

/** What was usual before, and what was still active when the last process ended. */
async function beginWatch(groupName: string, log: InsightLog, firstMinute: number, graphOf: GraphOf): Promise<Watch> {
  let histories: ReadonlyMap<string, NodeHistory> = new Map();
  for (let minute = firstMinute - lookBackMinutes; minute < firstMinute; minute += 1) {
    histories = findAnomalies(await graphOf(minute), histories).histories;
  }
  const active = log.insights
    .filter((insight) => insight.groupName === groupName && insight.state === "ACTIVE")
    .map((insight): Following => ({ insight, quietMinutes: 0 }));
  return { groupName, histories, active };
}

function minuteGraphs(store: WatcherOptions["store"], filter: Filter | undefined): GraphOf {
  return (minute) =>
    store.serviceGraph({ startSeconds: minute * 60, endSeconds: (minute + 1) * 60, ...(filter && { filter }) });
}

function filterOf({ filterExpression }: Group, options: FilterOptions): Filter | undefined {
  return filterExpression === "" ? undefined : parseFilter(filterExpression, options);
}

function withInsights(log: InsightLog, changed: readonly Insight[], groupName: string, minute: number): InsightLog {
  const fresh = new Map(changed.map((insight) => [insight.id, insight]));
  const known = log.insights.map((insight) => {
    const newer = fresh.get(insight.id);
    fresh.delete(insight.id);
    return newer ?? insight;
  });
  const oldest = minute * 60 - keptSeconds;
  return {
    insights: [...known, ...fresh.values()].filter(({ updatedSeconds }) => updatedSeconds >= oldest),
    watchedMinutes: { ...log.watchedMinutes, [groupName]: minute },
  };
}
