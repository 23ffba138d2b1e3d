import type { UpstreamStatus } from "../api/wire.ts";
import type { WayOutStatus } from "../forward/outbox-figures.ts";

/** A way out as `/api/status` tells of it. */
export function upstreamStatus({ name, health, figures }: WayOutStatus, remote: boolean): UpstreamStatus {
  const { put, sent, unprocessed, dropped, waiting, spilled } = figures;
  return {
    name,
    remote,
    ...(health.state === "degraded" && { trouble: health.reason }),
    put,
    sent,
    unprocessed: total(unprocessed),
    dropped: total(dropped),
    waiting,
    spilled,
  };
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
