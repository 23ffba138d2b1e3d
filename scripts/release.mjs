// Everything that a release publishes, in release/: both packages, what is in them (CycloneDX), and checksums.
//   node scripts/release.mjs [--out <folder>]
// Of the same commit it makes the same bytes, wherever and whenever it runs: RELEASING.md says how to check that.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { out: { type: "string", default: "release" } } });
const out = resolve(values.out);
const run = (program, ...words) =>
  execFileSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
run(process.execPath, "scripts/build.mjs");
run(process.execPath, "scripts/licences.mjs", "--check");
run("npm", "pack", "--ignore-scripts", "--pack-destination", out);
run(process.execPath, "scripts/pack-sdk.mjs", "--out", out);
writeFileSync(join(out, "sbom.cdx.json"), `${JSON.stringify(billOfMaterials(), undefined, 2)}\n`);
writeFileSync(join(out, "SHA256SUMS"), readdirSync(out).sort().map(sumOf).join(""));
console.log(readFileSync(join(out, "SHA256SUMS"), "utf8").trimEnd());

/** npm's own, of what is installed, without what differs from run to run; and what is in the bundles. */
function billOfMaterials() {
  const found = JSON.parse(run("npm", "sbom", "--package-lock-only", "--omit", "dev", "--sbom-format", "cyclonedx"));
  const { name } = JSON.parse(readFileSync("package.json", "utf8"));
  delete found.serialNumber;
  delete found.metadata.timestamp;
  delete found.metadata.tools;
  // npm names it after the folder that it is in.
  found.metadata.component.name = name;
  const known = new Set(found.components.map((component) => component["bom-ref"]));
  for (const { name, version, licence } of bundled()) {
    const reference = `${name}@${version}`;
    if (known.has(reference)) continue;
    found.components.push({
      "bom-ref": reference,
      type: "library",
      name,
      version,
      scope: "required",
      purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
      licenses: [{ license: { id: licence } }],
      properties: [{ name: "fluoroscope:bundled", value: "true" }],
    });
  }
  return found;
}

/** From the page that the check above found true. */
function* bundled() {
  const rows = readFileSync("docs/licences.md", "utf8").matchAll(/^\| (\S+) \| (\S+) \| (\S+) \| (.*bundled.*) \|$/gm);
  for (const [, name, version, licence] of rows) yield { name, version, licence };
}

function sumOf(name) {
  return `${createHash("sha256")
    .update(readFileSync(join(out, name)))
    .digest("hex")}  ${name}\n`;
}
