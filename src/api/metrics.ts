import type { Status } from "./wire.ts";

/** `/metrics`: the status as Prometheus text. */
export function metricsText(status: Status, problemCounts: Readonly<Record<string, number>>, streams: number): string {
  const { counters, store, receiver } = status;
  return [
    metric("documents_received_total", "counter", "Datagrams and documents that came in.", counters.received),
    metric("documents_refused_total", "counter", "Documents that could not be understood.", counters.refused),
    metric("documents_dropped_total", "counter", "Documents turned away by our own limits.", counters.dropped),
    metric("documents_stored_total", "counter", "Documents that are on disk.", counters.stored),
    metric("documents_waiting", "gauge", "Documents on their way to the disk.", counters.waiting),
    labelled("problems_total", "Refused and dropped documents by code.", "code", problemCounts),
    metric("udp_lost_total", "counter", "Datagrams lost before they could be read.", receiver.lostBySystem),
    metric("udp_socket_buffer_bytes", "gauge", "Size of the UDP socket's buffer.", receiver.socketBufferBytes),
    metric("loop_stall_max_seconds", "gauge", "Longest stall of the loop lately.", receiver.maxStallMs / 1000),
    metric("store_segments", "gauge", "Segments in the store.", store.segments),
    metric("store_traces", "gauge", "Traces in the store.", store.traces),
    metric("store_bytes", "gauge", "Size of the store.", store.bytes),
    metric("live_streams", "gauge", "Clients of /events.", streams),
    metric("uptime_seconds", "gauge", "Time since the start.", status.uptimeSeconds),
  ].join("");
}

function metric(name: string, type: "counter" | "gauge", help: string, value: number | undefined): string {
  return value === undefined ? "" : `${head(name, type, help)}fluoroscope_${name} ${value}\n`;
}

function labelled(name: string, help: string, label: string, values: Readonly<Record<string, number>>): string {
  const lines = Object.entries(values).map(([key, value]) => `fluoroscope_${name}{${label}="${key}"} ${value}\n`);
  return lines.length === 0 ? "" : head(name, "counter", help) + lines.join("");
}

function head(name: string, type: string, help: string): string {
  return `# HELP fluoroscope_${name} ${help}\n# TYPE fluoroscope_${name} ${type}\n`;
}
