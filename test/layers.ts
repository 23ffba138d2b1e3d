/** Folders without I/O: they import nothing from outside, and run in the browser too. */
export const pure = ["xray", "trace", "filter", "graph", "sampling"];

/** Folder (or file at the root of src) -> what it may import from src. */
export const mayImport: Record<string, string[]> = {
  xray: [],
  trace: ["xray"],
  sampling: ["xray"],
  graph: ["xray", "trace"],
  filter: ["xray", "trace", "graph"],
  store: [...pure],
  ingest: ["xray", "trace", "store"],
  daemon: ["xray", "trace", "sampling", "ingest"],
  api: [...pure, "store", "ingest", "config.ts"],
  call: ["xray", "trace"],
  demo: ["xray", "trace", "call", "store"],
  console: [...pure, "api"],
  cli: [...pure, "store", "ingest", "daemon", "api", "call", "demo", "up.ts", "config.ts"],
  "up.ts": [...pure, "store", "ingest", "daemon", "api", "config.ts"],
  "index.ts": [...pure, "store", "call", "up.ts", "config.ts"],
  "config.ts": [],
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
};
