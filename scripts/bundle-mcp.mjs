// Puts what answers agents, and the Model Context Protocol's SDK with it, into one folder of few files, so that nobody has to
// install the SDK. What else of dist it needs stays where it is.
import { renameSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { build } from "vite";
import { notePackages } from "./note-packages.mjs";

const dist = resolve("dist");

function isExternal(id, importer) {
  if (id.startsWith("node:")) return true;
  if (!id.startsWith(".") && !id.startsWith("/")) return false;
  const path = relative(dist, id.startsWith(".") && importer ? resolve(dirname(importer), id) : resolve(id));
  return !path.startsWith("..") && !path.startsWith("mcp/");
}

await build({
  configFile: false,
  logLevel: "warn",
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: join(dist, "mcp.bundled"),
    target: "node20",
    // Stack traces should name what they mean.
    minify: false,
    rolldownOptions: {
      input: { "serve-stdio": join(dist, "mcp/serve-stdio.js"), "answer-http": join(dist, "mcp/answer-http.js") },
      external: isExternal,
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
  plugins: [notePackages()],
});
rmSync(join(dist, "mcp"), { recursive: true });
renameSync(join(dist, "mcp.bundled"), join(dist, "mcp"));
