import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { description, maintainer, summary } from "./about.mjs";

/** Builds the .deb from the staged files; answers its path. */
export function buildDeb({ root, work, stage, out, epoch, version }) {
  const tree = join(work, "deb");
  cpSync(stage, tree, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  const control = join(tree, "DEBIAN");
  mkdirSync(control);
  const installedSize = Math.ceil(sizeOf(stage) / 1024);
  writeFileSync(join(control, "control"), controlFile({ version, installedSize }));
  for (const name of ["postinst", "prerm", "postrm"]) {
    writeFileSync(join(control, name), readFileSync(join(root, "packaging/debian", name)));
    chmodSync(join(control, name), 0o755);
  }
  chmodSync(join(control, "control"), 0o644);
  chmodSync(control, 0o755);
  for (const path of [control, ...readdirSync(control).map((name) => join(control, name)), tree]) {
    utimesSync(path, epoch, epoch);
  }
  const path = join(out, `fluoroscope_${version}_all.deb`);
  // dpkg-deb sorts what it packs, and takes the time of its own from SOURCE_DATE_EPOCH. Older systems do not read zstd.
  execFileSync("dpkg-deb", ["--root-owner-group", "-Zxz", "-z1", "--build", tree, path], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return path;
}

/**
 * Node.js is only recommended: it is often there without a package, and where the distribution's own is too old, a
 * dependency could not be met at all. /usr/bin/fluoroscope says so when there is none.
 * AWS's package is called xray; ours takes its place and its name.
 */
function controlFile({ version, installedSize }) {
  return `Package: fluoroscope
Version: ${version}
Architecture: all
Maintainer: ${maintainer}
Installed-Size: ${installedSize}
Depends: passwd
Recommends: nodejs (>= 20.19), ca-certificates
Provides: xray
Conflicts: xray
Replaces: xray
Section: net
Priority: optional
Description: ${summary}
${description.map((line) => ` ${line === "" ? "." : line}`).join("\n")}
`;
}

function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
