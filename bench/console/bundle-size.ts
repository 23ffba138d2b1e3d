// Bar 20: what the console weighs, gzipped. test/console-budget.test.ts holds the build to the same limits.
// Run: npm run build && node --import tsx bench/console/bundle-size.ts
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { consoleFolder } from "../../src/api/console-files.ts";
import { printFigure } from "./figures.ts";

const assets = join(consoleFolder, "assets");
const page = readFileSync(join(consoleFolder, "index.html"), "utf8");
const files = readdirSync(assets);
const scripts = files.filter((file) => file.endsWith(".js"));
const first = scripts.filter((file) => page.includes(file));
const styles = files.filter((file) => file.endsWith(".css"));

for (const [what, some, limit] of [
  ["scripts of the first page", first, 150],
  ["scripts in all", scripts, 260],
  ["styles", styles, 20],
] as const) {
  const sizes = some.map((file) => gzipSync(readFileSync(join(assets, file))).length / 1024);
  printFigure({ bar: 20, what, values: [sizes.reduce((sum, size) => sum + size, 0)], limit, unit: "KiB" });
}
