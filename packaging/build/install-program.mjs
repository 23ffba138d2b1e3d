import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** SQLite's binaries that a Linux server can use; the package brings those of other systems too. */
const usable = new Set(["linux-x64", "linux-arm64"]);
/** What only developers and compilers read. */
const unneededFile = /\.(map|d\.[cm]?ts|tsbuildinfo)$|^\.|^(?!licen[cs]e).*\.md$|^(eslint|tsconfig|vitest|jest)\b.*$/i;
const unneededFolder = /^(\..+|__tests__|tests?|benchmarks?|docs?|examples?|fixtures)$/;

/** Unpacks what `npm pack` made, and installs beside it the packages that it needs, in the versions of our lock file. */
export function installProgram({ root, into, tarball }) {
  mkdirSync(into, { recursive: true });
  execFileSync("tar", ["--extract", "--file", tarball, "--directory", into, "--strip-components=1"]);
  copyFileSync(join(root, "package-lock.json"), join(into, "package-lock.json"));
  const words = [
    "ci",
    "--omit=dev",
    "--ignore-scripts",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  execFileSync("npm", words, { cwd: into, stdio: ["ignore", "ignore", "inherit"] });

  const packages = join(into, "node_modules");
  const sqlite = join(packages, "@photostructure/sqlite");
  const foreign = readdirSync(join(sqlite, "prebuilds")).filter((system) => !usable.has(system));
  for (const path of [
    join(into, "package-lock.json"),
    join(packages, ".bin"),
    // Sources of the binaries.
    ...["src", "scripts", "binding.gyp"].map((name) => join(sqlite, name)),
    ...foreign.map((system) => join(sqlite, "prebuilds", system)),
    ...entriesOf(into).flatMap((entry) => (isUnneeded(entry) ? [pathOf(entry)] : [])),
  ]) {
    rmSync(path, { recursive: true, force: true });
  }
}

const pathOf = (entry) => join(entry.parentPath, entry.name);
const entriesOf = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true });

/** Folders go only from the top of an npm package: further down they may be part of the program. */
function isUnneeded(entry) {
  if (!entry.isDirectory()) return unneededFile.test(entry.name);
  return /\/node_modules\/(@[^/]+\/)?[^/@][^/]*$/.test(entry.parentPath) && unneededFolder.test(entry.name);
}
