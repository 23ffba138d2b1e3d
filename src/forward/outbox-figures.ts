import type { FailureKind } from "./way-out.ts";

/**
 * What became of everything that was put into an outbox, at any moment, in documents:
 * `put = sent + unprocessed + dropped + waiting + spilled`. Counted since the start; what an earlier run left on disk
 * counts as put when it is found.
 */
export interface OutboxFigures {
  readonly put: number;
  /** Taken by the other side. */
  readonly sent: number;
  /** Not taken for a reason that another attempt would not change, by code. */
  readonly unprocessed: Readonly<Record<string, number>>;
  /** Given up by our own limits, by reason: `MemoryFull`, `SpillFull`, `SpillDamaged`, `Stopped`. */
  readonly dropped: Readonly<Record<string, number>>;
  /** In memory, requests under way included. */
  readonly waiting: number;
  readonly waitingBytes: number;
  /** On disk, not yet read back into memory. */
  readonly spilled: number;
  /** Size of the spill on disk. */
  readonly spilledBytes: number;
  /** Documents that went to disk since the start, wherever they are now. */
  readonly spilledEver: number;
  /** Requests that were answered, and those that failed and were tried again. */
  readonly requests: number;
  readonly retries: number;
  /** Documents in requests that were answered, in bytes. */
  readonly sentBytes: number;
  readonly failures: Readonly<Record<FailureKind, number>>;
  /** Requests answered within so many seconds: cumulative counts by upper bound, `+Inf` last, as Prometheus has them. */
  readonly latency: { readonly buckets: readonly (readonly [seconds: number, count: number])[]; readonly sum: number };
}

/** Whether documents get out. The reason is a sentence for a person. */
export type OutboxHealth = { readonly state: "ready" } | { readonly state: "degraded"; readonly reason: string };

/** One way out at work, read at one moment. */
export interface WayOutStatus {
  readonly name: string;
  readonly health: OutboxHealth;
  readonly figures: OutboxFigures;
}
