import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, "utf8");

it("every error code has its heading in docs/reference/errors.md, and no other has one", () => {
  const codes = read("src/errors.ts")
    .match(/"FLUORO_[A-Z_]+"(?=\n|;)/g)!
    .map((code) => code.slice(1, -1));
  const headings = [...read("docs/reference/errors.md").matchAll(/^### (.+)$/gm)].map((match) => match[1]!);
  expect(headings.toSorted()).toEqual([...new Set(codes)].toSorted());
});

it("every problem code is explained in docs/reference/errors.md", () => {
  const union = read("src/trace/problem.ts").split("export type ProblemCode")[1]!;
  const codes = union.match(/"[A-Za-z]+"/g)!.map((code) => code.slice(1, -1));
  const page = read("docs/reference/errors.md");
  expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});

it("docs/reference/config.md is made from the table of settings", () => {
  execFileSync(process.execPath, ["--import", "tsx", "scripts/docs.mjs", "--check"], { cwd: root });
});
