import type { OutboxFigures, WayOutStatus } from "../forward/outbox-figures.ts";
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

/** Everything that is amiss, in sentences; nothing at all when all is well. */
export function reasonsOf({ troubles, waysOut }: DaemonStatus): readonly string[] {
  const ofWaysOut = waysOut.flatMap(({ name, health }) => {
    if (health.state === "ready") return [];
    return health.reason.includes(name) ? health.reason : `${name}: ${health.reason}`;
  });
  return [...troubles, ...ofWaysOut];
}

/** The whole in one sentence, as `systemctl status` shows it. */
export function describeStatus(status: DaemonStatus): string {
  const { addresses, counters, waysOut } = status;
  const ways = waysOut.map(({ name, figures }) => `${name}: ${figures.sent} sent, ${waitingOf(figures)} waiting`);
  const what = `Segments on UDP ${addresses.udp}: ${counters.received} received; ${ways.join("; ")}`;
  const sentences = reasonsOf(status).map((reason) => reason.replace(/\.$/, ""));
  return [what, ...sentences].join(". ").replaceAll("\n", " ");
}

function waitingOf({ waiting, spilled }: OutboxFigures): number {
  return waiting + spilled;
}
