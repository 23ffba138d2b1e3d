import type { OutboxFigures } from "../forward/outbox-figures.ts";
import { histogramMetric, metric, type Sample } from "../prometheus.ts";
import { type DaemonStatus, reasonsOf, type WayOutStatus } from "./daemon-status.ts";

type Type = "counter" | "gauge";
type Row<T, Value> = readonly [name: string, type: Type, help: string, read: (from: T) => Value];
type Counts = Readonly<Record<string, number>>;

/** Names that `fluoroscope up` has too mean the same there. */
const ofDaemon: readonly Row<DaemonStatus, number | undefined>[] = [
  ["documents_received_total", "counter", "Datagrams and documents that came in.", (s) => s.counters.received],
  ["documents_accepted_total", "counter", "Documents that were understood.", (s) => s.counters.accepted],
  ["documents_refused_total", "counter", "Documents that could not be understood.", (s) => s.counters.refused],
  ["documents_dropped_total", "counter", "Documents turned away by our own limits.", (s) => s.counters.dropped],
  ["documents_waiting", "gauge", "Documents between the door and the ways out.", (s) => s.counters.waiting],
  ["udp_lost_total", "counter", "Datagrams lost before they could be read.", (s) => s.receiver.lostBySystem],
  ["udp_socket_buffer_bytes", "gauge", "Size of the UDP socket's buffer.", (s) => s.receiver.socketBufferBytes],
  ["loop_stall_max_seconds", "gauge", "Longest stall of the loop lately.", (s) => s.receiver.maxStallMs / 1000],
  ["ready", "gauge", "1 while nothing is amiss, as /healthz says.", (s) => (reasonsOf(s).length === 0 ? 1 : 0)],
  ["uptime_seconds", "gauge", "Time since the start.", (s) => s.uptimeSeconds],
];

const ofWayOut: readonly Row<OutboxFigures, number>[] = [
  ["put_total", "counter", "Documents given to a way out.", (f) => f.put],
  ["sent_total", "counter", "Documents that the other side took.", (f) => f.sent],
  ["waiting_documents", "gauge", "Documents in memory, requests under way included.", (f) => f.waiting],
  ["waiting_bytes", "gauge", "Size of the documents in memory.", (f) => f.waitingBytes],
  ["spilled_documents", "gauge", "Documents on disk.", (f) => f.spilled],
  ["spilled_bytes", "gauge", "Size of the spill on disk.", (f) => f.spilledBytes],
  ["spilled_total", "counter", "Documents that went to disk.", (f) => f.spilledEver],
  ["requests_total", "counter", "Requests that were answered.", (f) => f.requests],
  ["retries_total", "counter", "Requests that failed and were tried again.", (f) => f.retries],
  ["sent_bytes_total", "counter", "Size of all request bodies.", (f) => f.sentBytes],
];

/** Each with one more label, of which the values are the keys. */
const ofWayOutBy: readonly (readonly [...Row<OutboxFigures, Counts>, label: string])[] = [
  ["unprocessed_total", "counter", "Documents that the other side will not take.", (f) => f.unprocessed, "code"],
  ["dropped_total", "counter", "Documents given up by our own limits.", (f) => f.dropped, "reason"],
  ["failures_total", "counter", "Requests that failed.", (f) => f.failures, "kind"],
];

/** The daemon's `/metrics`: its status as Prometheus text. */
export function daemonMetrics(status: DaemonStatus): string {
  const { waysOut } = status;
  const problems = samples({}, "code", status.problemCounts);
  const build = { version: status.version, node: process.version };
  return [
    ...ofDaemon.map(([name, type, help, read]) => metric(`fluoroscope_${name}`, type, help, read(status))),
    metric("fluoroscope_problems_total", "counter", "Refused and dropped documents by code.", problems),
    metric("fluoroscope_build_info", "gauge", "What runs.", [{ labels: build, value: 1 }]),
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
