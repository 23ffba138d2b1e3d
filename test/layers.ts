/** Folders without I/O: they import nothing from outside, and run in the browser too. */
export const pure = ["xray", "trace", "filter", "graph", "sampling", "otel"];

/** Folder (or file at the root of src) -> what it may import from src. */
export const mayImport: Record<string, string[]> = {
  xray: [],
  trace: ["xray"],
  sampling: ["xray"],
  otel: ["xray", "trace"],
  graph: ["xray", "trace"],
  filter: ["xray", "trace", "graph"],
  store: [...pure],
  ingest: ["xray", "trace", "store"],
  sigv4: [],
  settings: ["xray", "sampling"],
  spill: [],
  forward: ["xray", "trace", "otel", "sigv4", "spill", "prometheus.ts"],
  daemon: ["xray", "trace", "sampling", "ingest", "forward", "spill", "prometheus.ts", "end-connections.ts", "quantities.ts"],
  api: [...pure, "settings", "store", "ingest", "forward", "config.ts", "prometheus.ts", "end-connections.ts"],
  upstream: [...pure, "store", "ingest", "forward", "spill", "daemon", "api", "config.ts"],
  call: ["xray", "trace"],
  demo: ["xray", "trace", "call", "store"],
  console: [...pure, "api"],
  cli: [...pure, "store", "ingest", "daemon", "forward", "api", "call", "demo", "up.ts", "run-daemon.ts", "config.ts"],
  "up.ts": [...pure, "settings", "store", "ingest", "daemon", "forward", "api", "upstream", "config.ts"],
  "run-daemon.ts": [...pure, "settings", "ingest", "daemon", "forward", "api"],
  "prometheus.ts": [],
  "end-connections.ts": [],
  "index.ts": [...pure, "store", "call", "up.ts", "config.ts"],
  "config.ts": ["quantities.ts"],
  "quantities.ts": [],
  "errors.ts": [],
  "log.ts": [],
};

/** npm package -> the one folder that may import it. */
export const homes: Record<string, string> = {
  fastify: "api",
  "@fastify/static": "api",
  commander: "cli",
  picocolors: "cli",
  "string-width": "cli",
  "@photostructure/sqlite": "store",
  "node:sqlite": "store",
  yaml: "daemon",
  "@aws-sdk/credential-providers": "forward",
  "https-proxy-agent": "forward",
};
