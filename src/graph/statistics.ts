import type { Cell } from "./cell.ts";
import { microsToMillis } from "./duration.ts";
import { histogram } from "./histogram.ts";
import type { Statistics } from "./service-graph.ts";

/** A cell's figures as they are told. */
export function statistics(cell: Cell): Statistics {
  const { ok, error, throttle, fault, estimated } = cell;
  return {
    ok,
    error,
    throttle,
    fault,
    total: finished(cell),
    ...(estimated > 0 && { estimated }),
    totalSeconds: totalSeconds(cell),
    histogram: histogram(cell.durations),
  };
}

/** How many segments or calls have ended. */
export const finished = ({ ok, error, throttle, fault }: Cell): number => ok + error + throttle + fault;

/** How long they took together. */
export const totalSeconds = ({ totalMicros }: Cell): number => microsToMillis(totalMicros) / 1000;
