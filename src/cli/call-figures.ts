import type { CallResult } from "../call/call.ts";

/** How one of many calls went. */
export interface CallOutcome {
  readonly ms: number;
  readonly traceId: string;
  /** Absent when no response came. */
  readonly status?: number;
  readonly failure?: string;
}

/** Many calls of one URL in numbers. Durations are absent while nothing has come back. */
export interface CallFigures {
  readonly calls: number;
  readonly elapsedMs: number;
  readonly callsPerSecond: number;
  readonly ms?: {
    readonly min: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
  };
  /** By status, most frequent first; calls without a response are in `failures`. */
  readonly statuses: readonly { readonly status: number; readonly calls: number }[];
  /** By reason, most frequent first. */
  readonly failures: readonly { readonly message: string; readonly calls: number; readonly traceId: string }[];
  /** Calls without a response, or with a status of 400 or more. */
  readonly failed: number;
  readonly slowest?: CallOutcome;
  readonly firstFailed?: CallOutcome;
}

/** What counts of a call. */
export function outcomeOf({ head, failure, startMs, endMs, trace }: CallResult): CallOutcome {
  return {
    ms: endMs - startMs,
    traceId: trace.id,
    ...(head && { status: head.status }),
    ...(failure && { failure: failure.message }),
  };
}

/** Counts what came back. */
export function callFigures(outcomes: readonly CallOutcome[], elapsedMs: number): CallFigures {
  const byTime = outcomes.toSorted((a, b) => a.ms - b.ms);
  const at = (share: number): number => byTime[rankOf(share, byTime.length)]!.ms;
  const statuses = new Map<number, number>();
  const failures = new Map<string, { message: string; calls: number; traceId: string }>();
  for (const { status, failure, traceId } of outcomes) {
    if (failure !== undefined) {
      const known = failures.get(failure) ?? { message: failure, calls: 0, traceId };
      failures.set(failure, { ...known, calls: known.calls + 1 });
    } else if (status !== undefined) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  const failed = outcomes.filter(isFailed);
  const slowest = byTime.at(-1);
  return {
    calls: outcomes.length,
    elapsedMs,
    callsPerSecond: elapsedMs > 0 ? outcomes.length / (elapsedMs / 1_000) : 0,
    ...(slowest && { ms: { min: byTime[0]!.ms, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: slowest.ms } }),
    statuses: [...statuses].map(([status, calls]) => ({ status, calls })).toSorted((a, b) => b.calls - a.calls),
    failures: [...failures.values()].toSorted((a, b) => b.calls - a.calls),
    failed: failed.length,
    ...(slowest && { slowest }),
    ...(failed[0] && { firstFailed: failed[0] }),
  };
}

/** The time that a share of some calls stayed within; there must be one call at least. */
export function percentileOf(outcomes: readonly CallOutcome[], share: number): number {
  const byTime = outcomes.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return byTime[rankOf(share, byTime.length)]!;
}

const rankOf = (share: number, count: number): number => Math.max(0, Math.ceil(share * count) - 1);
const isFailed = ({ status = 0, failure }: CallOutcome): boolean => failure !== undefined || status >= 400;
