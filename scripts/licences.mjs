// Every package whose code users get, and its licence: docs/licences.md. Fails on a licence that nobody has agreed to.
//   npm run build && node scripts/licences.mjs [--check]
import { readFileSync, writeFileSync } from "node:fs";

/** Each lets its code be used and passed on with a notice; a new one is a decision, not an accident. */
const agreed = new Set([
  "MIT",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "0BSD",
  "BlueOak-1.0.0",
  "Unlicense",
]);
const page = "docs/licences.md";
const bundles = {
  console: "dist/console/THIRD-PARTY.txt",
  "command line": "dist/cli/THIRD-PARTY.txt",
  agents: "dist/mcp/THIRD-PARTY.txt",
};

const lock = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
const rows = [...installed(), ...Object.entries(bundles).flatMap(([where, file]) => bundled(where, file))];
const strangers = rows.filter(({ licence }) => !agreed.has(licence));
for (const { name, version, licence } of strangers) {
  console.error(
    `${name} ${version} has the licence "${licence}", which is not among those agreed to in scripts/licences.mjs.`,
  );
}
const text = write(rows);
if (strangers.length > 0) {
  process.exitCode = 1;
} else if (!process.argv.includes("--check")) {
  writeFileSync(page, text);
} else if (readFileSync(page, "utf8") !== text) {
  console.error(`${page} is not what the packages say now. Run: node scripts/licences.mjs`);
  process.exitCode = 1;
}

/** What `npm install fluoroscope` brings. */
function installed() {
  return Object.entries(lock)
    .filter(([path, { dev, devOptional }]) => path !== "" && !dev && !devOptional)
    .map(([path, { version, license }]) => ({ name: nameOf(path), version, licence: license, where: "installed" }));
}

/** What a bundle contains. */
function bundled(where, file) {
  return [...readFileSync(file, "utf8").matchAll(/^=== (\S+) (\S+) ===$/gm)].map(([, name, version]) => {
    const known = Object.entries(lock).find(([path, entry]) => nameOf(path) === name && entry.version === version);
    return { name, version, licence: known?.[1].license ?? "unknown", where: `bundled: ${where}` };
  });
}

function nameOf(path) {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

function write(found) {
  const merged = new Map();
  for (const { name, version, licence, where } of found) {
    const key = `${name} ${version}`;
    const row = merged.get(key) ?? { name, version, licence, places: new Set() };
    row.places.add(where);
    merged.set(key, row);
  }
  const lines = [...merged.values()]
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1))
    .map(({ name, version, licence, places }) => `| ${name} | ${version} | ${licence} | ${[...places].join(", ")} |`);
  return `# Licences of what we pass on

Made by \`scripts/licences.mjs\` from the lock file and the bundles. fluoroscope itself is under Apache-2.0. The full texts of what
is bundled are in \`THIRD-PARTY.txt\` beside each bundle.

| package | version | licence | where |
|---|---|---|---|
${lines.join("\n")}
`;
}
