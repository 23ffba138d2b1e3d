import type { WayOutStatus } from "../forward/outbox-figures.ts";
import { outboxMetrics } from "../forward/outbox-metrics.ts";
import { metric } from "../prometheus.ts";
import { tailMetrics } from "./tail-metrics.ts";
import type { Status } from "./wire.ts";

/** What the metrics tell beside the status. */
interface Figures {
  readonly problemCounts: Readonly<Record<string, number>>;
  /** Clients of `/events`. */
  readonly streams: number;
  readonly waysOut: readonly WayOutStatus[];
}

/** `/metrics`: the status as Prometheus text. */
export function metricsText(status: Status, { problemCounts, streams, waysOut }: Figures): string {
  const { counters, store, receiver, otlp } = status;
  const counter = (name: string, help: string, value: number | undefined): string =>
    metric(`fluoroscope_${name}`, "counter", help, value);
  const gauge = (name: string, help: string, value: number): string =>
    metric(`fluoroscope_${name}`, "gauge", help, value);
  const problems = Object.entries(problemCounts).map(([code, value]) => ({ labels: { code }, value }));
  const requests = Object.entries(otlp.requests).map(([outcome, value]) => ({ labels: { outcome }, value }));
  return [
    counter("documents_received_total", "Datagrams and documents that came in.", counters.received),
    counter("documents_refused_total", "Documents that could not be understood.", counters.refused),
    counter("documents_dropped_total", "Documents turned away by our own limits.", counters.dropped),
    counter("documents_stored_total", "Documents that are on disk.", counters.stored),
    gauge("documents_waiting", "Documents on their way to the disk.", counters.waiting),
    metric("fluoroscope_problems_total", "counter", "Refused and dropped documents by code.", problems),
    metric("fluoroscope_otlp_requests_total", "counter", "OpenTelemetry's requests by what became of them.", requests),
    counter("otlp_spans_total", "OpenTelemetry's spans that came in.", otlp.spans),
    counter("otlp_spans_rejected_total", "OpenTelemetry's spans that were left out.", otlp.rejectedSpans),
    counter("udp_lost_total", "Datagrams lost before they could be read.", receiver.lostBySystem),
    gauge("udp_socket_buffer_bytes", "Size of the UDP socket's buffer.", receiver.socketBufferBytes),
    gauge("loop_stall_max_seconds", "Longest stall of the loop lately.", receiver.maxStallMs / 1000),
    gauge("store_usable", "1 while the store can be asked, as far as is known.", store.trouble === undefined ? 1 : 0),
    gauge("store_segments", "Segments in the store.", store.segments),
    gauge("store_traces", "Traces in the store.", store.traces),
    gauge("store_bytes", "Size of the store.", store.bytes),
    gauge("live_streams", "Clients of /events.", streams),
    gauge("uptime_seconds", "Time since the start.", status.uptimeSeconds),
    status.tailSampling === undefined ? "" : tailMetrics(status.tailSampling),
    waysOut.length > 0 ? outboxMetrics(waysOut) : "",
  ].join("");
}
