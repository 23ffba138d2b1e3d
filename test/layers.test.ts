import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { homes, mayImport, pure } from "./layers.ts";

const src = fileURLToPath(new URL("../src", import.meta.url));

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
