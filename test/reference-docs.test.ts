import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { commandTable } from "../src/cli/command-table.ts";

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

it("the tables of docs/reference/config.md and daemon.md are those of the settings", () => {
  execFileSync(process.execPath, ["--import", "tsx", "scripts/docs.mjs", "--check"], { cwd: root });
});

it("every command has its section in docs/reference/cli.md", () => {
  const commands = commandTable.map(({ name }) => name);
  // Two that belong together may share one.
  const titles = read("docs/reference/cli.md").matchAll(/^## ([a-z]+(?:, [a-z]+)*)$/gm);
  const headings = [...titles].flatMap((match) => match[1]!.split(", "));
  expect(commands.length).toBeGreaterThan(5);
  expect(headings.toSorted()).toEqual(commands.toSorted());
});

it("every variable of ours that docs/reference/daemon.md names is read", () => {
  const named = [...read("docs/reference/daemon.md").matchAll(/`(FLUOROSCOPE_[A-Z_]+)`/g)].map((match) => match[1]!);
  const source = read("src/daemon/daemon-config.ts") + read("src/daemon/read-daemon-config.ts");
  expect(named.filter((name) => !source.includes(name))).toEqual([]);
});
