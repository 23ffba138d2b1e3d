import type { FailureKind } from "../forward/way-out.ts";
import type { XrayApi } from "../forward/xray-api.ts";
import type { Log } from "../log.ts";

/** What a daemon reports of one way out, counted since the start, in documents and requests. */
export interface TelemetryFigures {
  readonly received: number;
  readonly sent: number;
  /** Given up by our own limits. What waits on disk is not. */
  readonly spillover: number;
  /** Not understood here, or not taken there. */
  readonly rejected: number;
  readonly failures: Readonly<Record<FailureKind, number>>;
}

/** Whose daemon this is; empty where nobody knows. */
export interface TelemetryIdentity {
  readonly hostname: string;
  readonly instanceId: string;
}

export interface TelemetryOptions {
  readonly api: Pick<XrayApi, "name" | "request">;
  readonly figures: () => TelemetryFigures;
  /** Asked once, when there is something to report. Does not reject. */
  readonly identity: () => Promise<TelemetryIdentity>;
  /** Empty where nobody named one. */
  readonly resourceArn: () => string;
  readonly log: Log;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** The daemon's reports to one X-Ray API. */
export interface Telemetry {
  /** Reports what happened since the last report: each minute by itself. Resolves when sent, or when it failed. */
  report(signal?: AbortSignal): Promise<void>;
  /** Ends the reports; the last one is the caller's to ask for. May be called twice. */
  close(): void;
}

const intervalMs = 60_000;
const keptRecords = 30;
const recordsPerCall = 10;
const timeoutMs = 5_000;

/** One minute of a daemon, with AWS's names and in the original's order. */
interface TelemetryRecord {
  readonly Timestamp: number;
  readonly SegmentsReceivedCount: number;
  readonly SegmentsSentCount: number;
  readonly SegmentsSpilloverCount: number;
  readonly SegmentsRejectedCount: number;
  readonly BackendConnectionErrors: {
    readonly TimeoutCount: number;
    readonly ConnectionRefusedCount: number;
    readonly HTTPCode4XXCount: number;
    readonly HTTPCode5XXCount: number;
    readonly UnknownHostCount: number;
    readonly OtherCount: number;
  };
}

const nothing: TelemetryFigures = {
  received: 0,
  sent: 0,
  spillover: 0,
  rejected: 0,
  failures: { timeout: 0, connectionRefused: 0, unknownHost: 0, "4xx": 0, "5xx": 0, other: 0 },
};

/**
 * Starts reporting, each minute from the first document on. Records that could not be sent wait for the next minute; of
 * more than thirty the oldest are given up.
 */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const { api, figures, identity, log, now = Date.now } = options;
  const records: TelemetryRecord[] = [];
  let reported = nothing;
  let sending: Promise<void> = Promise.resolve();

  const send = async (signal: AbortSignal | undefined): Promise<void> => {
    const { hostname, instanceId } = await identity();
    while (records.length > 0) {
      const TelemetryRecords = records.slice(0, recordsPerCall);
      const about = { EC2InstanceId: instanceId, Hostname: hostname, ResourceARN: options.resourceArn() };
      const { status, body } = await api.request({
        method: "POST",
        path: "/TelemetryRecords",
        headers: { "content-type": "application/json", "x-amzn-xray-timestamp": (now() / 1_000).toFixed(9) },
        body: Buffer.from(JSON.stringify({ ...about, TelemetryRecords })),
        signal,
        timeoutMs,
      });
      if (status >= 300) throw new Error(`HTTP ${status}: ${body.toString("utf8", 0, 200)}`);
      // While it was under way the oldest may have been given up.
      while (records.length > 0 && TelemetryRecords.includes(records[0]!)) records.shift();
    }
  };

  const report = async (signal?: AbortSignal): Promise<void> => {
    const current = figures();
    if (current.received === 0) return;
    records.push(recordOf(current, reported, now()));
    reported = current;
    if (records.length > keptRecords) records.shift();
    try {
      // One after another, so that no record is sent twice.
      sending = sending.catch(() => undefined).then(() => send(signal));
      await sending;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.debug({ to: api.name, waiting: records.length, error: reason }, "telemetry could not be sent");
    }
  };

  const timer = setInterval(() => void report(), intervalMs);
  timer.unref();
  return { report, close: () => clearInterval(timer) };
}

function recordOf(current: TelemetryFigures, before: TelemetryFigures, nowMs: number): TelemetryRecord {
  const failed = (kind: FailureKind): number => current.failures[kind] - before.failures[kind];
  return {
    Timestamp: nowMs / 1000,
    SegmentsReceivedCount: current.received - before.received,
    SegmentsSentCount: current.sent - before.sent,
    SegmentsSpilloverCount: current.spillover - before.spillover,
    SegmentsRejectedCount: current.rejected - before.rejected,
    BackendConnectionErrors: {
      TimeoutCount: failed("timeout"),
      ConnectionRefusedCount: failed("connectionRefused"),
      HTTPCode4XXCount: failed("4xx"),
      HTTPCode5XXCount: failed("5xx"),
      UnknownHostCount: failed("unknownHost"),
      OtherCount: failed("other"),
    },
  };
}
