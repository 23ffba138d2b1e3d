import type { WireTraceSummary } from "../../api/wire.ts";
import { traceState } from "./summary-words.ts";

/** In which order the list stands. By time and by duration all traces are in order, else those that are loaded. */
export type TraceOrder = "newest" | "slowest" | "worst" | "largest";

const orders: readonly TraceOrder[] = ["newest", "slowest", "worst", "largest"];

/** The order that an address names. */
export function readOrder(text: string | undefined): TraceOrder {
  return orders.find((order) => order === text) ?? "newest";
}

/** Whether all traces that match stand in this order, and not only those that are loaded. */
export function isWhole(order: TraceOrder): boolean {
  return order === "newest" || order === "slowest";
}

/** The loaded traces in an order; of equals the newest first. */
export function inOrder(traces: readonly WireTraceSummary[], order: TraceOrder): readonly WireTraceSummary[] {
  if (order === "newest") return traces;
  const weight = weights[order];
  return traces.toSorted((a, b) => weight(b) - weight(a) || b.StartTime - a.StartTime);
}

const weights: Readonly<Record<Exclude<TraceOrder, "newest">, (trace: WireTraceSummary) => number>> = {
  slowest: ({ Duration }) => Duration,
  worst: (trace) => ["ok", "throttle", "error", "fault"].indexOf(traceState(trace)),
  largest: ({ ServiceIds, SegmentCount }) => SegmentCount ?? ServiceIds.length,
};
