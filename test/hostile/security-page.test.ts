import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
const page = readFileSync(new URL("SECURITY.md", root), "utf8");
const rows = page
  .split("\n")
  .filter((line) => /^\| .* \| .* \| .* \| .* \|$/.test(line) && !line.startsWith("| attack |"));

it("each attack on the page has tests, and each of them is there", () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) {
    const tests = [...row.matchAll(/`([\w/.-]+\.test\.ts)`/g)].map(([, path]) => path!);
    expect([row, tests.length > 0]).toEqual([row, true]);
    expect(tests.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  }
});

it("each hostile test is on the page", () => {
  const tests = readdirSync(new URL("test/hostile", root)).filter((name) => name.endsWith(".test.ts"));
  const left = tests.filter((name) => name !== "security-page.test.ts" && !page.includes(`test/hostile/${name}`));
  expect(left).toEqual([]);
});
