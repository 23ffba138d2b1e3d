import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DaemonSetting, daemonSettings } from "../../src/daemon/daemon-config.ts";
import { readDaemonConfig } from "../../src/daemon/read-daemon-config.ts";
import { awsDeb, awsRpm } from "./aws-packages.ts";
import { type BuiltPackages, buildPackages, root, whyNoTool } from "./built-packages.ts";
import { startInstalled } from "./installed-daemon.ts";
import { type OwnMachine, openMachine } from "./own-machine.ts";

let why: string | undefined;
let packages: BuiltPackages;
beforeAll(async () => {
  why = await whyNoTool("dpkg-deb", "rpmbuild", "rpm");
  if (why === undefined) packages = await buildPackages();
}, 300_000);
afterAll(() => {
  if (packages !== undefined) rmSync(packages.folder, { recursive: true });
});
beforeEach((context) => {
  if (why !== undefined) context.skip(why);
});

const ask = (program: string, ...words: readonly string[]): string =>
  execFileSync(program, words, { encoding: "utf8", stdio: "pipe", maxBuffer: 2 ** 26 });

describe("both packages", () => {
  it("are the same, byte for byte, when they are built again", { timeout: 300_000 }, async () => {
    const digest = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");
    const again = await buildPackages();
    expect([again.deb, again.rpm].map(digest)).toEqual([packages.deb, packages.rpm].map(digest));
    rmSync(again.folder, { recursive: true });
  });

  it("install the same files, but that the settings file is rpm's own", () => {
    const inDeb = debFiles().map(({ path }) => path);
    const inRpm = ask("rpm", "-qlp", packages.rpm).trim().split("\n");
    expect(inRpm.filter((path) => !inDeb.includes(path))).toEqual([
      "/etc/amazon",
      "/etc/amazon/xray",
      "/etc/amazon/xray/cfg.yaml",
    ]);
    // Folders that every system has belong to no package of ours.
    const common = inDeb.filter((path) => !inRpm.includes(path));
    expect(
      common.filter(
        (path) => !/^\/(usr(\/(bin|lib|share)(\/(systemd(\/system)?|sysctl\.d|doc|man(\/man1)?))?)?)?$/.test(path),
      ),
    ).toEqual([]);
  });

  it("give every file to root, and make nothing a program but what is one", () => {
    const files = debFiles();
    expect(new Set(files.map(({ owner }) => owner))).toEqual(new Set(["root/root"]));
    expect(files.filter(({ mode }) => /[sStT]|^[^l].....w|^[^l]........w/.test(mode))).toEqual([]);
    const programs = files.filter(({ mode }) => mode.startsWith("-") && mode.includes("x")).map(({ path }) => path);
    expect(programs).toEqual(["/usr/bin/fluoroscope", "/usr/lib/fluoroscope/set-up"]);
  });

  it("leave out what only developers, compilers and other systems need, and keep every licence", () => {
    const paths = debFiles().map(({ path }) => path);
    expect(
      paths.filter((path) => /\.(map|d\.ts)$|\/\.(github|bin)\/|prebuilds\/(darwin|win32)|\/vitest\//.test(path)),
    ).toEqual([]);
    expect(paths.filter((path) => /prebuilds\/linux-(x64|arm64)\/.*\.node$/.test(path)).length).toBeGreaterThanOrEqual(
      2,
    );
    expect(paths).toContain("/usr/lib/fluoroscope/dist/cli/THIRD-PARTY.txt");
    const licences = (under: string): number =>
      paths.filter((path) => path.startsWith(under) && /licen[cs]e/i.test(path)).length;
    expect(licences("/usr/lib/fluoroscope/node_modules/fastify/")).toBe(1);
  });

  it("have scripts that a shell can read", () => {
    const scripts = ["bin/fluoroscope", "bin/set-up", "debian/postinst", "debian/prerm", "debian/postrm"];
    for (const script of scripts) ask("sh", "-n", join(root, "packaging", script));
    const parts = ask("rpm", "-qp", "--qf", "%{POSTIN}\n%{PREUN}\n%{POSTUN}\n", packages.rpm);
    expect(spawnSync("sh", ["-n"], { input: parts }).status).toBe(0);
  });

  it("take the place of AWS's package, and depend on no Node that a distribution may not have", () => {
    const [conflicts, replaces, provides, depends, recommends, architecture] = [
      ...["Conflicts", "Replaces", "Provides", "Depends", "Recommends", "Architecture"],
    ].map((field) => ask("dpkg-deb", "-f", packages.deb, field).trim());
    expect({ conflicts, replaces, provides }).toEqual({ conflicts: "xray", replaces: "xray", provides: "xray" });
    expect({ depends, architecture }).toEqual({ depends: "passwd", architecture: "all" });
    expect(recommends).toContain("nodejs (>= 20.19)");
    expect(ask("rpm", "-qp", "--obsoletes", "--provides", packages.rpm)).toMatch(/^xray < 4$[\s\S]*^xray$/m);
    expect(ask("rpm", "-qp", "--requires", packages.rpm)).not.toContain("node");
  });

  it("have manual pages without a fault, with every flag and variable of the daemon", () => {
    for (const page of ["fluoroscope.1", "fluoroscope-daemon.1"]) {
      const { stderr } = spawnSync("man", ["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", "-"], {
        input: manPage(page),
        encoding: "utf8",
        env: { ...process.env, LC_ALL: "C.UTF-8" },
      });
      expect(stderr).toBe("");
    }
    const text = manPage("fluoroscope-daemon.1").replaceAll("\\-", "-");
    const settings = Object.values<DaemonSetting<unknown>>(daemonSettings);
    const named = settings.flatMap(({ names, environment }) => [...(names ? [`--${names[0]}`] : []), ...environment]);
    expect(named.filter((name) => !text.includes(name))).toEqual([]);
  });
});

describe("the settings file that comes with them", () => {
  const read = async (content: string) => {
    const order = await readDaemonConfig({
      words: ["-c", "cfg.yaml"],
      environment: { HOME: "/nowhere" },
      readFile: () => content,
      usableBytes: 2 ** 30,
    });
    if (order.kind !== "run") throw new Error(JSON.stringify(order));
    return order;
  };
  const template = (): string => fileOf("./usr/share/fluoroscope/cfg.yaml").toString("utf8");

  it("changes nothing", async () => {
    expect(await read(template())).toEqual(await read("Version: 2\n"));
  });

  it("has every setting with its default, so that taking the marks away changes nothing either", async () => {
    const unmarked = template().replaceAll(/^# (?=\s*\w+:( \S+)?$)/gm, "");
    const lines = unmarked.split("\n").filter((line) => /^ *\w+: \S/.test(line));
    expect(lines).toHaveLength(Object.keys(daemonSettings).length + 1);
    expect(await read(unmarked)).toEqual(await read("Version: 2\n"));
  });
});

describe("installed", () => {
  let machine: OwnMachine;
  let whyNoMachine: string | undefined;
  beforeAll(async () => {
    if (why !== undefined) return;
    const opened = await openMachine();
    if ("reason" in opened) whyNoMachine = opened.reason;
    else machine = opened;
  });
  afterAll(() => machine?.close());
  beforeEach((context) => {
    if (whyNoMachine !== undefined) context.skip(whyNoMachine);
  });

  /** Runs a line of shell as root on the machine; answers what it said, and fails if it failed. */
  const sh = async (line: string): Promise<string> => {
    const { code, said } = await machine.run("sh", "-c", line);
    if (code !== 0) throw new Error(`${line}\nended with ${code}:\n${said}`);
    return said.trim();
  };
  const isThere = (path: string): Promise<boolean> => machine.run("test", "-e", path).then(({ code }) => code === 0);

  it("the .deb takes the place of AWS's package and leaves its settings as they are", async () => {
    await sh(`dpkg --force-unsafe-io -i ${awsDeb(packages.folder)}`);
    await sh("printf 'Version: 2\\nRegion: eu-west-3\\n' >/etc/amazon/xray/cfg.yaml");
    expect(await sh(`dpkg --force-unsafe-io -i ${packages.deb}`)).toContain(
      "Before you purge the package xray, copy that file",
    );
    expect(await sh("dpkg-query --status xray")).toMatch(/^Status: .* config-files$/m);
    expect(await sh("cat /etc/amazon/xray/cfg.yaml")).toBe("Version: 2\nRegion: eu-west-3");
    expect(await sh("xray --version")).toMatch(/daemon version/);
  });

  it("logs and state belong to the user of the service, and settings to root", async () => {
    const owners = await sh("stat -c '%n %U:%G %a' /var/log/xray /var/lib/fluoroscope /etc/amazon/xray/cfg.yaml");
    expect(owners.split("\n")).toEqual([
      "/var/log/xray xray:xray 755",
      "/var/lib/fluoroscope xray:xray 700",
      "/etc/amazon/xray/cfg.yaml root:root 644",
    ]);
    expect(await sh("getent passwd xray")).toMatch(/:\/var\/lib\/fluoroscope:\/usr\/sbin\/nologin$/);
  });

  it("the daemon runs as its user by the unit's command, and a segment arrives", async (context) => {
    const daemon = await startInstalled(machine, "as user");
    if ("reason" in daemon) return context.skip(daemon.reason);
    try {
      await daemon.expectDelivery();
      expect(await sh("stat -c '%U %a' /var/log/xray/xray.log")).toBe("xray 644");
      expect(await daemon.stop()).toBe(0);
    } finally {
      await daemon.close();
    }
  });

  it("the daemon works with no system calls but those that its unit allows", async (context) => {
    const daemon = await startInstalled(machine, "filtered");
    if ("reason" in daemon) return context.skip(daemon.reason);
    try {
      await daemon.expectDelivery();
      expect(await daemon.stop()).toBe(0);
    } finally {
      await daemon.close();
    }
  });

  it("the unit has nothing that systemd complains of, and is enabled under both names", async () => {
    expect(await sh("systemctl enable fluoroscope-daemon 2>&1")).toContain("/etc/systemd/system/xray.service");
    const { code, said } = await machine.run("systemd-analyze", "verify", "--man=no", "fluoroscope-daemon.service");
    expect({ code, said }).toEqual({ code: 0, said: "" });
  });

  it("an upgrade starts a running daemon anew, and removing stops and disables it", async () => {
    // Where systemd runs; here it is told what its program is called with.
    await sh(`mkdir -p /run/systemd/system
      mv /usr/bin/systemctl /usr/bin/systemctl.real
      printf '#!/bin/sh\\necho "$*" >>/run/calls\\ncase $* in *disable*) SYSTEMD_OFFLINE=1 exec systemctl.real "$@";; esac\\n' >/usr/bin/systemctl
      chmod +x /usr/bin/systemctl`);
    await sh(`dpkg --force-unsafe-io -i ${packages.deb}`);
    expect(await sh("cat /run/calls; rm /run/calls")).toBe("daemon-reload\ntry-restart fluoroscope-daemon.service");
    await sh("dpkg --force-unsafe-io -r fluoroscope");
    expect(await sh("cat /run/calls; rm /run/calls")).toBe(
      "stop fluoroscope-daemon.service\n--quiet disable fluoroscope-daemon.service\ndaemon-reload",
    );
    expect(await isThere("/etc/systemd/system/xray.service")).toBe(false);
    expect(await isThere("/usr/lib/fluoroscope")).toBe(false);
  });

  it("purging leaves AWS's settings while its package claims them, and otherwise nothing but the user", async () => {
    await sh("dpkg --force-unsafe-io -P fluoroscope");
    expect(await sh("cat /etc/amazon/xray/cfg.yaml")).toContain("eu-west-3");
    await sh("dpkg -P xray");
    await sh(`dpkg --force-unsafe-io -i ${packages.deb}`);
    expect(await sh("cat /etc/amazon/xray/cfg.yaml")).toContain("Version: 2");
    await sh("echo >/var/log/xray/xray.log; mkdir /var/lib/fluoroscope/spill; dpkg --force-unsafe-io -P fluoroscope");
    for (const path of [
      "/etc/amazon",
      "/var/log/xray",
      "/var/lib/fluoroscope",
      "/usr/lib/fluoroscope",
      "/usr/bin/xray",
    ]) {
      expect([path, await isThere(path)]).toEqual([path, false]);
    }
    expect(await sh("id -un xray")).toBe("xray");
  });

  it("the .rpm takes the place of AWS's package, leaves its settings as they are, and goes again", async () => {
    await sh(`rpm -i --nodeps ${awsRpm(packages.folder)}`);
    await sh("printf 'Version: 2\\nRegion: eu-west-3\\n' >/etc/amazon/xray/cfg.yaml");
    await sh(`rpm -U --nodeps ${packages.rpm}`);
    expect(await sh("rpm -qa")).toMatch(/^fluoroscope-[\d.~a-z]+-1\.noarch$/);
    expect(await sh("cat /etc/amazon/xray/cfg.yaml")).toContain("eu-west-3");
    expect(await sh("xray --version")).toMatch(/daemon version/);
    expect(await sh("stat -c %U /var/log/xray")).toBe("xray");
    await sh("rpm -e --nodeps fluoroscope");
    expect(await isThere("/usr/lib/fluoroscope")).toBe(false);
    expect(await sh("tail -n 2 /run/calls")).toBe("--quiet disable fluoroscope-daemon.service\ndaemon-reload");
  });
});

interface PackedFile {
  readonly mode: string;
  readonly owner: string;
  /** As installed, without a slash at the end. */
  readonly path: string;
}

function debFiles(): PackedFile[] {
  return ask("dpkg-deb", "-c", packages.deb)
    .trim()
    .split("\n")
    .map((line) => {
      const [mode, owner, , , , path] = line.split(/\s+/);
      return { mode: mode!, owner: owner!, path: path!.replace(/^\.|\/$/g, "") };
    })
    .filter(({ path }) => path !== "");
}

function fileOf(path: string): Buffer {
  const archive = execFileSync("dpkg-deb", ["--fsys-tarfile", packages.deb], { maxBuffer: 2 ** 28 });
  return execFileSync("tar", ["--extract", "--to-stdout", path], { input: archive, maxBuffer: 2 ** 24 });
}

function manPage(name: string): string {
  return gunzipSync(fileOf(`./usr/share/man/man1/${name}.gz`)).toString("utf8");
}
