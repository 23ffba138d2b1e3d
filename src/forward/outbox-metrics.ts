import { histogramMetric, metric, type Sample } from "../prometheus.ts";
import type { OutboxFigures, WayOutStatus } from "./outbox-figures.ts";

type Type = "counter" | "gauge";
type Counts = Readonly<Record<string, number>>;
type Row<Value> = readonly [name: string, type: Type, help: string, read: (from: OutboxFigures) => Value];

const ofWayOut: readonly Row<number>[] = [
  ["put_total", "counter", "Documents given to a way out.", (f) => f.put],
  ["sent_total", "counter", "Documents that the other side took.", (f) => f.sent],
  ["waiting_documents", "gauge", "Documents in memory, requests under way included.", (f) => f.waiting],
  ["waiting_bytes", "gauge", "Size of the documents in memory.", (f) => f.waitingBytes],
  ["spilled_documents", "gauge", "Documents on disk.", (f) => f.spilled],
  ["spilled_bytes", "gauge", "Size of the spill on disk.", (f) => f.spilledBytes],
  ["spilled_total", "counter", "Documents that went to disk.", (f) => f.spilledEver],
  ["requests_total", "counter", "Requests that were answered.", (f) => f.requests],
  ["retries_total", "counter", "Requests that failed and were tried again.", (f) => f.retries],
  ["sent_bytes_total", "counter", "Size of the documents in requests that were answered.", (f) => f.sentBytes],
];

/** Each with one more label, of which the values are the keys. */
const ofWayOutBy: readonly (readonly [...Row<Counts>, label: string])[] = [
  ["unprocessed_total", "counter", "Documents that the other side will not take.", (f) => f.unprocessed, "code"],
  ["dropped_total", "counter", "Documents given up by our own limits.", (f) => f.dropped, "reason"],
  ["failures_total", "counter", "Requests that failed.", (f) => f.failures, "kind"],
];

/** What becomes of documents on their ways out, as Prometheus text. */
export function outboxMetrics(waysOut: readonly WayOutStatus[]): string {
  return [
    ...ofWayOut.map(([name, type, help, read]) => {
      const values = waysOut.map((each) => ({ labels: labelsOf(each), value: read(each.figures) }));
      return metric(`fluoroscope_forward_${name}`, type, help, values);
    }),
    ...ofWayOutBy.map(([name, type, help, read, label]) => {
      const values = waysOut.flatMap((each) => samples(labelsOf(each), label, read(each.figures)));
      return metric(`fluoroscope_forward_${name}`, type, help, values);
    }),
    metric(
      "fluoroscope_forward_ready",
      "gauge",
      "1 while documents get out, 0 while they do not.",
      waysOut.map((each) => ({ labels: labelsOf(each), value: each.health.state === "ready" ? 1 : 0 })),
    ),
    histogramMetric(
      "fluoroscope_forward_request_seconds",
      "Time until a request was answered.",
      waysOut.map((each) => ({ labels: labelsOf(each), ...each.figures.latency })),
    ),
  ].join("");
}

function labelsOf({ name }: WayOutStatus): { readonly way_out: string } {
  return { way_out: name };
}

function samples(labels: Readonly<Record<string, string>>, label: string, counts: Counts): Sample[] {
  return Object.entries(counts).map(([key, value]) => ({ labels: { ...labels, [label]: key }, value }));
}
