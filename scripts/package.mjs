// Builds the .deb and the .rpm from what `npm pack` makes. Needs dpkg-deb and rpmbuild (Debian's package rpm).
// Run: node scripts/package.mjs [--built] [--out <folder>]
//   --built  take dist/ as it is, rather than build it
//   --out    where the packages go (packaging/out)
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildDeb } from "../packaging/build/deb.mjs";
import { buildRpm } from "../packaging/build/rpm.mjs";
import { stageFiles } from "../packaging/build/stage-files.mjs";

const root = new URL("..", import.meta.url).pathname;
const { values } = parseArgs({
  options: { built: { type: "boolean", default: false }, out: { type: "string", default: "packaging/out" } },
});
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const work = mkdtempSync(join(tmpdir(), "fluoroscope-package-"));
try {
  const epoch = sourceDateEpoch();
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const stage = join(work, "files");
  await stageFiles({ root, stage, tarball: pack(), epoch });
  // 1.0.0-rc.1 comes before 1.0.0: both formats write that with a tilde, and allow no dash.
  const build = { root, work, stage, out, epoch, version: version.replaceAll("-", "~") };
  console.log(buildDeb(build));
  console.log(buildRpm(build));
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The time of the last change, so that the same source gives the same bytes. */
function sourceDateEpoch() {
  if (process.env.SOURCE_DATE_EPOCH) return Number(process.env.SOURCE_DATE_EPOCH);
  try {
    return Number(execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8", stdio: "pipe" }));
  } catch (cause) {
    const message = "There is no git history to take the packages' date from. Set SOURCE_DATE_EPOCH, in seconds.";
    throw new Error(message, { cause });
  }
}

function pack() {
  const words = ["pack", "--json", "--pack-destination", work, ...(values.built ? ["--ignore-scripts"] : [])];
  // What the build says goes where people see it; standard output is npm's JSON.
  const output = execFileSync("npm", words, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const [{ filename }] = JSON.parse(output.slice(output.search(/^\[/m)));
  return join(work, filename);
}
