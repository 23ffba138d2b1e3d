// Puts the command line's files into few: with one file per module, loading them takes longer than a call does.
// Only what `call` and the drawing need goes in; server, store and demo stay where they are and are loaded on use.
import { renameSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { build } from "vite";
import { notePackages } from "./note-packages.mjs";

const dist = resolve("dist");
const bundled = new Set([
  ...["cli", "call", "ask", "xray", "trace", "analysis", "otel", "filter", "errors.js"],
  // The daemon starts where traces are kept by others, next to programs that want the machine.
  ...["run-daemon.js", "daemon", "ingest", "forward", "spill", "sigv4"],
  ...["log.js", "prometheus.js", "end-connections.js", "quantities.js"],
]);
/** Large or rare, so that they stay where npm puts them. */
const loadedOnUse = new Set(["@aws-sdk/credential-providers", "https-proxy-agent", "yaml"]);

/** Whether a module stays outside: Node's own, and whatever else of `dist` does not belong to the command line. */
function isExternal(id, importer) {
  if (id.startsWith("node:") || loadedOnUse.has(id)) return true;
  if (!id.startsWith(".") && !id.startsWith("/")) return false;
  const path = id.startsWith(".") && importer ? resolve(dirname(importer), id) : resolve(id);
  const [home] = relative(dist, path).split("/");
  return home !== ".." && !bundled.has(home);
}

await build({
  configFile: false,
  logLevel: "warn",
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: join(dist, "cli.bundled"),
    target: "node20",
    // Stack traces should name what they mean.
    minify: false,
    rolldownOptions: {
      input: { main: join(dist, "cli/main.js"), "call-api": join(dist, "cli/call-api.js") },
      external: isExternal,
      // Where files stay apart, "on use" has its effect; here it may not.
      onLog: (level, log, handle) => log.code === "INEFFECTIVE_DYNAMIC_IMPORT" || handle(level, log),
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        codeSplitting: {
          groups: [
            // All that help, or a word that is no command, needs.
            { name: "base", test: /cli.(command-table|exit-codes|terminal|version)\.js|rolldown.runtime/, priority: 2 },
            // What the daemon and others need.
            { name: "shared", test: /dist.(errors|log|xray.(datagram|trust-caller))\.js$/, priority: 2 },
            { name: "call", test: isOfCall, priority: 1 },
            { name: "daemon", test: isOfDaemon, priority: 1 },
          ],
        },
      },
    },
  },
  plugins: [notePackages()],
});
rmSync(join(dist, "cli"), { recursive: true });
renameSync(join(dist, "cli.bundled"), join(dist, "cli"));

/** What a call in a pipe runs through: one file. The drawing is loaded when there is something to draw. */
function isOfCall(id) {
  const path = relative(dist, id);
  const steps = [
    "commands/call",
    "call-once",
    "call-order",
    "curl-options",
    "response-sink",
    "interruptible",
    "common-options",
  ];
  if (/^(call|xray)\/|^ask\/ask-server\.js$|^errors\.js$/.test(path) || path.includes("node_modules/commander/"))
    return true;
  return [...steps, "run-command", "nearest"].some((step) => path === `cli/${step}.js`);
}

/** What every daemon starts with: one file again. Rarer things are loaded on use. */
function isOfDaemon(id) {
  const path = relative(dist, id);
  const onUse =
    /otlp|translate-pack|read-outgoing|assume-role|healthcheck|check-health|find-|instance-metadata|shared-config|credential/;
  if (/^cli\/(run-until-stopped|daemon-signals|commands\/daemon)\.js$/.test(path)) return true;
  return (
    /^(daemon|ingest|forward|spill|sigv4)\/|^(run-daemon|prometheus|end-connections|quantities)\.js$/.test(path) &&
    !onUse.test(path)
  );
}
