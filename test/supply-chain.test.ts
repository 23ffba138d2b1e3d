import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface LockEntry {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const lock: Record<string, LockEntry> = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;

it("every package that users get has a licence that was agreed to, and is listed", () => {
  if (!existsSync("dist/console/THIRD-PARTY.txt")) throw new Error("There is no build yet. Run: npm run build");
  execFileSync(process.execPath, ["scripts/licences.mjs", "--check"], { stdio: ["ignore", "inherit", "inherit"] });
});

it("versions are exact", () => {
  const asked = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };
  expect(Object.entries(asked).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
});

it("every package comes with the hash of what was looked at", () => {
  const without = Object.entries(lock).filter(([path, entry]) => path !== "" && entry.integrity === undefined);
  expect(without.map(([path]) => path)).toEqual([]);
});

it("no package may run code when it is installed", () => {
  const scripts = Object.entries(lock).filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = scripts.map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
  expect(names.filter((name) => manifest.allowScripts[name] !== false)).toEqual([]);
});
