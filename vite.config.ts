import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Where a running fluoroscope answers, for `npx vite`. */
const server = "http://127.0.0.1:2000";

export default defineConfig({
  root: path("src/console"),
  // Icons are drawn in the page itself; a strict policy for content forbids what is inlined anyway.
  build: {
    outDir: path("dist/console"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: "es2023",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
    rolldownOptions: {
      output: {
        // Few and large: what is compressed together is smaller, and no page waits for a dozen small files.
        advancedChunks: {
          groups: [
            { name: "libraries", test: /node_modules\//, priority: 3 },
            {
              name: "first",
              test: /src\/console\/(ui\/|address|live|filter-bar|first-run|traces|settings\/forecast-use)/,
              priority: 2,
            },
            { name: "shared", test: /src\/(trace|filter|graph|analysis|xray)\//, minShareCount: 2, priority: 1 },
            {
              name: "views",
              test: /src\/console\/(map\/(figures|node-kind|map-view|apply-change|read-map|use-graph)|timeline\/(trace-words|read-trace\.))/,
            },
            { name: "pages", test: /src\/console\/(pages\/)?(compare|services|insights|settings)/ },
          ],
        },
      },
    },
  },
  plugins: [react()],
  server: {
    proxy: Object.fromEntries(
      [
        "/events",
        "/api",
        "/ServiceGraph",
        "/TraceGraph",
        "/TraceSummaries",
        "/Traces",
        "/TimeSeriesServiceStatistics",
      ].map((each) => [each, server]),
    ),
  },
});
