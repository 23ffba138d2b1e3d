import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const src = fileURLToPath(new URL("../src", import.meta.url));
const pure = ["xray", "trace", "filter", "graph", "sampling"];

/** Folder (or file at the root of src) -> what it may import from src. */
const mayImport: Record<string, string[]> = {
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
const homes: Record<string, string> = {
  fastify: "api",
  "@fastify/static": "api",
  commander: "cli",
  picocolors: "cli",
  "string-width": "cli",
  "@photostructure/sqlite": "store",
  "node:sqlite": "store",
};

/** `import … from "x"`, `export … from "x"`, `import "x"` and `import("x")`. */
const importLine =
  /^(?:import|export)\s[^;"'=()]*?\sfrom\s*["']([^"']+)["']|^import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const home = (path: string): string => relative(src, path).split("/")[0]!;

function strays(): string[] {
  const found: string[] = [];
  for (const file of files(src)) {
    const from = home(file);
    const text = readFileSync(file, "utf8");
    for (const match of text.matchAll(importLine)) {
      const target = match[1] ?? match[2] ?? match[3]!;
      const name = `${relative(src, file)} -> ${target}`;
      if (target.startsWith(".")) {
        const to = home(join(dirname(file), target));
        const open = to === from || to === "errors.ts" || (to === "log.ts" && !pure.includes(from));
        if (!open && !mayImport[from]?.includes(to)) found.push(name);
      } else if (pure.includes(from)) {
        found.push(`${name} (a pure folder imports nothing from outside)`);
      } else {
        const owner = Object.keys(homes).find((pkg) => target === pkg || target.startsWith(`${pkg}/`));
        if (owner && homes[owner] !== from) found.push(`${name} (its home is ${homes[owner]})`);
        if (from === "console" && target.startsWith("node:")) found.push(name);
      }
    }
  }
  return found;
}

it("every folder imports only what its layer allows", () => {
  expect(strays()).toEqual([]);
});
