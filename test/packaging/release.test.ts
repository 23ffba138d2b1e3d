import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { root } from "./built-packages.ts";

const folder = mkdtempSync(join(tmpdir(), "fluoroscope-release-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a person does who has the commit and its dependencies, in a folder of any name. Answers the checksums. */
function release(name: string): string {
  const clone = join(folder, name);
  mkdirSync(clone);
  const archive = execFileSync("git", ["archive", "HEAD"], { cwd: root, maxBuffer: 2 ** 30 });
  execFileSync("tar", ["-x", "-C", clone], { input: archive });
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  execFileSync(process.execPath, ["scripts/release.mjs"], { cwd: clone, stdio: ["ignore", "ignore", "inherit"] });
  return readFileSync(join(clone, "release/SHA256SUMS"), "utf8");
}

it("a release can be made again, to the byte, in another folder, and says what is in it", { timeout: 600_000 }, () => {
  const sums = release("here");
  expect(sums.match(/\S+$/gm)).toEqual([
    expect.stringMatching(/^fluoroscope-\d.*\.tgz$/),
    expect.stringMatching(/^fluoroscope-sdk-\d.*\.tgz$/),
    "sbom.cdx.json",
  ]);
  const { components } = JSON.parse(readFileSync(join(folder, "here/release/sbom.cdx.json"), "utf8"));
  const names = components.map(({ name }: { name: string }) => name);
  // One that is installed, one that is only in the bundle.
  expect(names).toEqual(expect.arrayContaining(["fastify", "react-dom"]));
  expect(names).not.toContain("vitest");

  expect(release("in-another-place")).toBe(sums);
});
