import { join } from "node:path";
import { parseDestination } from "../forward/destination.ts";
import { type OpenedWayOut, openWayOut } from "../forward/open-way-out.ts";
import { Outbox } from "../forward/outbox.ts";
import type { WayOutStatus } from "../forward/outbox-figures.ts";
import type { Unprocessed } from "../forward/way-out.ts";
import type { XrayApi } from "../forward/xray-api.ts";
import type { Log } from "../log.ts";
import { openSpillLog, type SpillLog } from "../spill/spill-log.ts";
import type { DaemonConfig } from "./daemon-config.ts";
import { RenewableWayOut } from "./renewable-way-out.ts";
import { startTelemetry, type TelemetryIdentity } from "./telemetry.ts";

/** One place that a running daemon sends to: the way out, the outbox before it, the spill below, and the reports. */
export interface RunningDestination {
  /** As the configuration names it. */
  readonly text: string;
  /** Where it is an X-Ray API. Stays the same when it is renewed. */
  readonly api: XrayApi | undefined;
  /** Why nothing can go to disk although it should, as a sentence. */
  readonly trouble: string | undefined;
  put(documents: readonly Uint8Array[]): void;
  status(): WayOutStatus;
  /**
   * Answers a function that goes on with other credentials, addresses and limits, at once. Rejects when they cannot be
   * right; nothing has changed then.
   */
  prepare(config: DaemonConfig): Promise<() => Promise<void>>;
  /** Sends what it can until the deadline, and keeps the rest on disk; then the last report. May be called twice. */
  close(deadlineMs: number): Promise<void>;
}

/** What destinations share: the world around them. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Names this daemon to fluoroscopes that it sends to. */
  readonly id?: string | undefined;
  readonly log: Log;
  readonly identity: () => Promise<TelemetryIdentity>;
  /** Of the door: documents since the start. */
  readonly door: () => { readonly received: number; readonly refused: number; readonly dropped: number };
  readonly onUnprocessed: (wayOut: string, unprocessed: Unprocessed, document: Uint8Array) => void;
}

/** A last report must not hold up a stop. */
const lastReportMs = 500;

/** Opens a destination: rejects when the configuration cannot be right, but not when nobody answers there. */
export async function openDestination(
  text: string,
  config: DaemonConfig,
  surroundings: Surroundings,
): Promise<RunningDestination> {
  const { log, identity, door } = surroundings;
  const folder = config.spillFolder && spillFolderOf(text, config.spillFolder);
  const [opened, { spill, trouble }] = await Promise.all([
    openWay(text, config, surroundings),
    openSpill(folder, config, log),
  ]);
  const way = new RenewableWayOut(opened);
  const { api } = way;
  let { resourceArn = "" } = config;
  const outbox = new Outbox({
    wayOut: way.wayOut,
    ...limits(config),
    ...(spill !== undefined && { spill }),
    log,
    onUnprocessed: (unprocessed, document) => surroundings.onUnprocessed(outbox.name, unprocessed, document),
  });
  const telemetry =
    api &&
    startTelemetry({
      api,
      figures() {
        const { received, refused, dropped } = door();
        const figures = outbox.figures();
        return {
          received,
          sent: figures.sent,
          spillover: dropped + total(figures.dropped),
          rejected: refused + total(figures.unprocessed),
          failures: figures.failures,
        };
      },
      identity,
      resourceArn: () => resourceArn,
      log,
    });

  let closed: Promise<void> | undefined;
  return {
    text,
    api,
    trouble,
    put: (documents) => outbox.put(documents),
    status: () => ({ name: outbox.name, health: outbox.health(), figures: outbox.figures() }),
    async prepare(changed) {
      const fresh = await openWay(text, changed, surroundings);
      return () => {
        outbox.adjust(limits(changed));
        resourceArn = changed.resourceArn ?? "";
        return way.renew(fresh);
      };
    },
    close(deadlineMs) {
      closed ??= (async () => {
        await outbox.close(deadlineMs);
        sayWhatIsLeft(outbox, folder, log);
        telemetry?.close();
        await telemetry?.report(AbortSignal.timeout(lastReportMs));
        await Promise.all([way.close(), spill?.close()]);
      })();
      return closed;
    },
  };
}

function openWay(text: string, config: DaemonConfig, surroundings: Surroundings): Promise<OpenedWayOut> {
  return openWayOut(parseDestination(text), { ...config, ...surroundings });
}

/** A daemon that cannot write to disk is better than none, as long as it says so. */
async function openSpill(
  folder: string | undefined,
  { spillMaxBytes, destinations }: DaemonConfig,
  log: Log,
): Promise<{ spill?: SpillLog; trouble?: string }> {
  if (folder === undefined) return {};
  try {
    return { spill: await openSpillLog({ folder, maxBytes: Math.floor(spillMaxBytes / destinations.length), log }) };
  } catch (error) {
    const trouble = error instanceof Error ? error.message : String(error);
    log.error({ text: `${trouble} What does not fit in memory will be lost.` }, "nothing can go to disk");
    return { trouble };
  }
}

function sayWhatIsLeft(outbox: Outbox, folder: string | undefined, log: Log): void {
  const { spilled, dropped } = outbox.figures();
  const { name } = outbox;
  if (spilled > 0) {
    const text = `${spilled} segments for ${name} stay on disk in ${folder} until the daemon sends there again`;
    log.info({ text, to: name, segments: spilled, folder }, "segments stay on disk");
  }
  const { Stopped: lost = 0 } = dropped;
  if (lost > 0) {
    const text = `${lost} segments for ${name} are lost: they could neither be sent in time nor be kept on disk`;
    log.error({ text, to: name, segments: lost }, "segments are lost");
  }
}

/** The memory is for all destinations together; requests at a time are for each. */
function limits({ memoryBytes, destinations, concurrency }: DaemonConfig): { memoryBytes: number; parallel: number } {
  return { memoryBytes: Math.floor(memoryBytes / destinations.length), parallel: concurrency };
}

/** Where a destination's documents wait: `otlp:http://collector:4318` has `otlp-http-collector-4318` below the spill's folder. */
export function spillFolderOf(text: string, spillFolder: string): string {
  return join(spillFolder, text.replace(/[^\w.]+/g, "-").replace(/-$/, ""));
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
