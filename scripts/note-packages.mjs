// Whose code goes into a bundle, and under which licence: their texts go where their code goes.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A plugin for Vite that leaves `THIRD-PARTY.txt` beside what it bundles. */
export function notePackages() {
  const folders = new Set();
  return {
    name: "note-packages",
    moduleParsed({ id }) {
      const found = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id);
      if (found && !found[1].startsWith("\0")) folders.add(found[1]);
    },
    generateBundle() {
      const source = [...folders].map(licenceOf).sort().join("\n\n");
      this.emitFile({ type: "asset", fileName: "THIRD-PARTY.txt", source });
    },
  };
}

/** Licences that ask for nothing: their text need not come along. */
const free = new Set(["Unlicense", "0BSD", "CC0-1.0"]);

/** Begins with the name and version; `scripts/licences.mjs` reads that line again. */
function licenceOf(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (file === undefined && !free.has(license)) {
    throw new Error(`${name} has no licence file; its code cannot be bundled`);
  }
  const text = file === undefined ? license : readFileSync(join(folder, file), "utf8").trim();
  return `=== ${name} ${version} ===\n\n${text}`;
}
