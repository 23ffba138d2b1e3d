import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { description, maintainer, summary } from "./about.mjs";

/** Builds the .rpm from the staged files; answers its path. */
export function buildRpm({ root, work, stage, out, epoch, version }) {
  const text = readFileSync(join(root, "packaging/rpm/fluoroscope.spec"), "utf8")
    .replace("@VERSION@", version)
    .replace("@SUMMARY@", summary)
    .replace("@PACKAGER@", maintainer)
    .replace("@DESCRIPTION@", description.join("\n"));
  const spec = join(work, "fluoroscope.spec");
  writeFileSync(spec, text);
  const top = join(work, "rpm");
  const defines = [`_topdir ${top}`, `staged ${stage}`, "_buildhost localhost"].flatMap((define) => [
    "--define",
    define,
  ]);
  execFileSync("rpmbuild", ["-bb", "--quiet", "--target", "noarch-linux", ...defines, spec], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const name = `fluoroscope-${version}-1.noarch.rpm`;
  copyFileSync(join(top, "RPMS/noarch", name), join(out, name));
  return join(out, name);
}
