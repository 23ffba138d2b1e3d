import { chmodSync, lutimesSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { configTemplate } from "./config-template.mjs";
import { installProgram } from "./install-program.mjs";
import { fillManPage } from "./man-page.mjs";

const home = "usr/lib/fluoroscope";
const doc = "usr/share/doc/fluoroscope";
const man = "usr/share/man/man1";
/** All other files are only read. */
const programs = new Set(["usr/bin/fluoroscope", `${home}/set-up`]);

/** Lays out in the folder `stage` every file that both packages install, with the modes and the times that they get. */
export async function stageFiles({ root, stage, tarball, epoch }) {
  const write = (path, content) => {
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    writeFileSync(join(stage, path), content);
  };
  const put = (path, source) => write(path, readFileSync(join(root, source)));
  const putCompressed = (path, content) => write(`${path}.gz`, gzipSync(content, { level: 9 }));

  installProgram({ root, into: join(stage, home), tarball });
  const { daemonSettings } = await import(pathToFileURL(join(stage, home, "dist/daemon/daemon-config.js")));
  const settings = Object.values(daemonSettings);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

  put("usr/bin/fluoroscope", "packaging/bin/fluoroscope");
  symlinkSync("fluoroscope", join(stage, "usr/bin/xray"));
  put(`${home}/set-up`, "packaging/bin/set-up");
  put("usr/lib/systemd/system/fluoroscope-daemon.service", "packaging/systemd/fluoroscope-daemon.service");
  put("usr/lib/sysctl.d/50-fluoroscope.conf", "packaging/sysctl.d/50-fluoroscope.conf");
  write("usr/share/fluoroscope/cfg.yaml", configTemplate(settings));
  for (const page of readdirSync(join(root, "packaging/man")).sort()) {
    const text = readFileSync(join(root, "packaging/man", page), "utf8");
    putCompressed(join(man, page), fillManPage(text, { settings, version, epoch }));
  }
  symlinkSync("fluoroscope-daemon.1.gz", join(stage, man, "xray.1.gz"));
  put(`${doc}/copyright`, "packaging/copyright");
  putCompressed(`${doc}/NEWS`, readFileSync(join(root, "CHANGELOG.md")));

  settle(stage, "", epoch);
}

/** Modes and times that owe nothing to the umask or the clock of whoever builds. */
function settle(stage, path, epoch) {
  for (const entry of readdirSync(join(stage, path), { withFileTypes: true })) {
    const below = join(path, entry.name);
    if (entry.isDirectory()) settle(stage, below, epoch);
    if (!entry.isSymbolicLink())
      chmodSync(join(stage, below), entry.isDirectory() || programs.has(below) ? 0o755 : 0o644);
    lutimesSync(join(stage, below), epoch, epoch);
  }
  chmodSync(join(stage, path), 0o755);
}
