import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { root } from "./built-packages.ts";

/** A folder that is all the path there is: what is found in it is what this machine has. */
let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "fluoroscope wrapper-"));
  copyFileSync(join(root, "packaging/bin/fluoroscope"), join(path, "fluoroscope"));
  symlinkSync("fluoroscope", join(path, "xray"));
});
afterEach(() => rmSync(path, { recursive: true }));

/** Puts a Node there that says its version, and otherwise what it is called with. */
function aNode(name: string, version: string): string {
  const program = join(path, name);
  writeFileSync(program, `#!/bin/sh\n[ "$1" = --version ] && echo "${version}" || printf '%s|' ${name} "$@"\n`);
  chmodSync(program, 0o755);
  return program;
}

function call(name: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const shell = execFileSync("/bin/sh", ["-c", "command -v sh"], { encoding: "utf8" }).trim();
  const { status, stdout, stderr } = spawnSync(shell, [join(path, name), ...words], {
    env: { PATH: path, ...env },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

it("runs on the Node of the path, and hands on every word as it is", () => {
  aNode("node", "v20.19.0");
  const { status, stdout } = call("fluoroscope", ["call", "a b", "", "*"]);
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: "node|/usr/lib/fluoroscope/dist/cli/main.js|call|a b||*|",
  });
});

it("is the daemon when it is called xray", () => {
  aNode("node", "v24.1.0");
  expect(call("xray", ["-o", "-n", "eu-west-1"]).stdout).toContain("main.js|daemon|-o|-n|eu-west-1|");
});

it("passes over a Node that is too old for one that is not", () => {
  aNode("node", "v18.19.0");
  aNode("nodejs", "v20.18.3");
  aNode("node-22", "v22.0.0");
  expect(call("fluoroscope", ["--version"]).stdout).toMatch(/^node-22\|/);
});

it("says what it found and what to do when every Node is too old", (context) => {
  if (existsSync("/usr/local/bin/node"))
    return context.skip("There is a Node in /usr/local/bin, which is always tried.");
  aNode("node", "v18.19.0");
  aNode("nodejs", "not a version");
  const { status, stderr } = call("fluoroscope", ["--version"]);
  expect(status).toBe(1);
  expect(stderr).toContain("needs Node.js 20.19 or later");
  expect(stderr).toContain("node is 18.19.0.");
  expect(stderr).toContain("FLUOROSCOPE_NODE");
});

it("runs on the Node that FLUOROSCOPE_NODE names, and on no other", () => {
  aNode("node", "v22.0.0");
  const mine = aNode("mine", "v22.1.0");
  expect(call("fluoroscope", ["up"], { FLUOROSCOPE_NODE: mine }).stdout).toMatch(/^mine\|/);
  const { status, stderr } = call("fluoroscope", ["up"], { FLUOROSCOPE_NODE: join(path, "none") });
  expect(status).toBe(1);
  expect(stderr).toContain("none, which is not that");
});
