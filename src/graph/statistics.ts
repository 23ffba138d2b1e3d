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
    total: ok + error + throttle + fault,
    ...(estimated > 0 && { estimated }),
    totalSeconds: microsToMillis(cell.totalMicros) / 1000,
    histogram: histogram(cell.durations),
  };
}
