import type { OutboxFigures, OutboxHealth } from "../forward/outbox-figures.ts";
import type { Counters } from "../ingest/ingest.ts";

/** All that a running daemon tells of itself, read at one moment. */
export interface DaemonStatus {
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly addresses: { readonly udp: string; readonly tcp?: string };
  /** Of the door: `stored` is what was handed to the ways out. */
  readonly counters: Counters;
  /** What the door refused or turned away, by code. */
  readonly problemCounts: Readonly<Record<string, number>>;
  readonly receiver: {
    /** Longest time the receiving loop stood still in the last minute or two. */
    readonly maxStallMs: number;
    /** Datagrams that the system threw away before they could be read, where it tells. */
    readonly lostBySystem?: number;
    readonly socketBufferBytes: number;
  };
  readonly waysOut: readonly WayOutStatus[];
  /** What is amiss beside the ways out, in sentences. */
  readonly troubles: readonly string[];
}

/** One way out of a running daemon. */
export interface WayOutStatus {
  readonly name: string;
  readonly health: OutboxHealth;
  readonly figures: OutboxFigures;
}

/** Everything that is amiss, in sentences; nothing at all when all is well. */
export function reasonsOf({ troubles, waysOut }: DaemonStatus): readonly string[] {
  const ofWaysOut = waysOut.flatMap(({ name, health }) => {
    return health.state === "ready" ? [] : [`${name}: ${health.reason}`];
  });
  return [...troubles, ...ofWaysOut];
}
