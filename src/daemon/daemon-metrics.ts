import { outboxMetrics } from "../forward/outbox-metrics.ts";
import { metric } from "../prometheus.ts";
import { type DaemonStatus, reasonsOf } from "./daemon-status.ts";

type Type = "counter" | "gauge";
type Row = readonly [name: string, type: Type, help: string, read: (from: DaemonStatus) => number | undefined];

/** Names that `fluoroscope up` has too mean the same there. */
const ofDaemon: readonly Row[] = [
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

/** The daemon's `/metrics`: its status as Prometheus text. */
export function daemonMetrics(status: DaemonStatus): string {
  const problems = Object.entries(status.problemCounts).map(([code, value]) => ({ labels: { code }, value }));
  const build = { version: status.version, node: process.version };
  return [
    ...ofDaemon.map(([name, type, help, read]) => metric(`fluoroscope_${name}`, type, help, read(status))),
    metric("fluoroscope_problems_total", "counter", "Refused and dropped documents by code.", problems),
    metric("fluoroscope_build_info", "gauge", "What runs.", [{ labels: build, value: 1 }]),
    outboxMetrics(status.waysOut),
  ].join("");
}
