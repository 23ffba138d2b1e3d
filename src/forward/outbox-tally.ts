import { Latency } from "./latency.ts";
import type { OutboxFigures } from "./outbox-figures.ts";
import type { FailureKind } from "./way-out.ts";

/** Why documents were given up by our own limits. */
export type DropReason = "MemoryFull" | "SpillFull" | "SpillDamaged" | "Stopped";

/** The counters of one outbox. Each method moves documents from one side of the equation to the other, at once. */
export class OutboxTally {
  put = 0;
  sent = 0;
  waiting = 0;
  waitingBytes = 0;
  requests = 0;
  retries = 0;
  sentBytes = 0;
  readonly latency: Latency = new Latency();
  readonly #unprocessed: Map<string, number> = new Map();
  readonly #dropped: Map<DropReason, number> = new Map();
  readonly #failures: Record<FailureKind, number> = {
    timeout: 0,
    connectionRefused: 0,
    unknownHost: 0,
    "4xx": 0,
    "5xx": 0,
    other: 0,
  };

  /** They came in, or back from disk. */
  enter(documents: number, bytes: number): void {
    this.waiting += documents;
    this.waitingBytes += bytes;
  }

  /** They are in memory no longer. */
  leave(documents: number, bytes: number): void {
    this.waiting -= documents;
    this.waitingBytes -= bytes;
  }

  countUnprocessed(code: string): void {
    this.#unprocessed.set(code, (this.#unprocessed.get(code) ?? 0) + 1);
  }

  countDropped(reason: DropReason, documents: number): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + documents);
  }

  countFailure(kind: FailureKind): void {
    this.#failures[kind] += 1;
  }

  figures(disk: DiskFigures): OutboxFigures {
    const lost = { SpillFull: disk.evicted, SpillDamaged: disk.damaged };
    const dropped = {
      ...Object.fromEntries(this.#dropped),
      ...Object.fromEntries(Object.entries(lost).filter(isSome)),
    };
    return {
      put: this.put,
      sent: this.sent,
      unprocessed: Object.fromEntries(this.#unprocessed),
      dropped,
      waiting: this.waiting,
      waitingBytes: this.waitingBytes,
      spilled: disk.spilled,
      spilledBytes: disk.bytes,
      spilledEver: disk.ever,
      requests: this.requests,
      retries: this.retries,
      sentBytes: this.sentBytes,
      failures: { ...this.#failures },
      latency: this.latency.figures(),
    };
  }
}

/** What the tally is told of the disk. */
export interface DiskFigures {
  readonly spilled: number;
  readonly bytes: number;
  readonly ever: number;
  readonly evicted: number;
  readonly damaged: number;
}

const isSome = ([, documents]: readonly [string, number]): boolean => documents > 0;
