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
